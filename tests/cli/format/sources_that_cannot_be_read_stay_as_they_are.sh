# LANGUAGE 18.1, 18.8: a lexical or parse error is 3, a file that is not there 5; nothing is written then
printf "func f( {\n" > bad.ruff
$RUFF format --write bad.ruff; echo $?; cat bad.ruff; $RUFF format absent.ruff; echo $?; $RUFF format; echo $?; $RUFF format --indent no bad.ruff; echo $?
