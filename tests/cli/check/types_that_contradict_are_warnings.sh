# LANGUAGE 15, 18.3: what can be proved wrong is a warning, the exit code stays 0; imports are not followed
cat > t.ruff <<"P"
from nowhere import thing
func f(a: int, b: string) -> int { return "text" }
x: int := "no"
x := true
f("one", 2)
f(1, "two")
mut y: string := "yes"
y := 3
P
$RUFF check t.ruff; echo $?
