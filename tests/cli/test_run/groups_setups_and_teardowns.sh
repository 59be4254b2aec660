# LANGUAGE 18.6, 20.2: setups from outside in, one scope a test, teardowns from inside out
cat > t.ruff <<"E"
log := []
test_setup { x := 1 }
test "adds" { assert_equal(x + 1, 2) push(log, "adds") }
test_group "inner" {
    test_setup { y := x + 10 }
    test_teardown { push(log, "down ${y}") }
    test "sees both" { assert_equal(y, 11) }
    test "fails" { assert_equal(y, 12) }
}
test "reads the log" { print(log) }
E
for engine in interpreter vm jit; do $RUFF test-run -v --$engine t.ruff | sed "s/([0-9]*ms)/(0ms)/; s/^Time: .*/Time/" > $engine; done; cmp interpreter vm; cmp vm jit; cat vm; $RUFF test-run t.ruff > /dev/null; echo $?
