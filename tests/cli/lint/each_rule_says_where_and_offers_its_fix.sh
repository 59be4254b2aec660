# LANGUAGE 18.8: a line an issue, 1 when one is an error; --fix mends what it can
cat > l.ruff <<"P"
func f(a) {
    unused := 1
    return a
    print("dead")
}
let n := 1
n := 2
let t: int := "text"
print(f(1), n, t)
match Ok(1) { case Ok(r): print(r) }
P
$RUFF lint l.ruff; echo $?; $RUFF lint --json l.ruff; $RUFF lint --fix l.ruff; cat l.ruff
echo "print(1)" > clean.ruff; $RUFF lint clean.ruff; echo $?; $RUFF lint --json clean.ruff
