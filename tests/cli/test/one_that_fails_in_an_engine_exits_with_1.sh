# LANGUAGE 18.5, R45: every engine is compared; what is expected and what came are shown
mkdir s; echo "print(1)" > s/a.ruff; echo "print(2)" > s/b.ruff; echo "1 / 0" > s/c.ruff; echo "exit(3)" > s/d.ruff
echo 1 > s/a.out; printf " three\nfour \n" > s/b.out
$RUFF test s | sed "s/[0-9.]*ms/Nms/"; $RUFF test s > out; echo $?; cat s/c.out
rm s/d.ruff; echo 2 > s/b.out; $RUFF test s --runtime interpreter > out; echo $?
