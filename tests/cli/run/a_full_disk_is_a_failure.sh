echo 'print("x")' > p.ruff
echo 'print("x") exit(3)' > e.ruff
echo 'print("x") throw "y"' > t.ruff
echo 'test "a" { print("x") }' > u.ruff
for engine in interpreter vm jit; do $RUFF run --$engine p.ruff > /dev/full; echo "exit $?"; done
$RUFF run e.ruff > /dev/full; echo "exit $?"
$RUFF run t.ruff > /dev/full; echo "exit $?"
$RUFF test-run u.ruff > /dev/full; echo "exit $?"
$RUFF check p.ruff > /dev/full; echo "exit $?"
$RUFF format p.ruff > /dev/full; echo "exit $?"
$RUFF dump --ast p.ruff > /dev/full; echo "exit $?"
$RUFF --help > /dev/full; echo "exit $?"
echo 'print("x")' | $RUFF repl > /dev/full; echo "exit $?"
$RUFF run p.ruff >&-; echo "exit $?"
: > n.ruff; $RUFF run n.ruff > /dev/full; echo "exit $?"
