# LANGUAGE 18.8: format prints, --check tells (1), --write rewrites; what is rewritten stays and means the same
cat > m.ruff <<"P"
import zeta
import alpha

# a note
func  f( a,b ){
return a+b   # the sum
}
print("two  spaces" ,f(1 ,2))
P
$RUFF format m.ruff; $RUFF format --check m.ruff; echo $?; $RUFF format --json --indent 2 --no-sort-imports m.ruff
$RUFF format --write m.ruff; $RUFF format --check m.ruff; echo $?; $RUFF format --write --json m.ruff
echo "print([$(seq -s , 40)])" > long.ruff; $RUFF format --line-length 60 long.ruff
