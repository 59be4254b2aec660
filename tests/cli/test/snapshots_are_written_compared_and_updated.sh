mkdir tests; echo "print(1)" > tests/a.ruff; echo "print(2)" > tests/b.ruff; echo "# Run with: ruff test-run" > tests/c.ruff
$RUFF test; cat tests/a.out; echo 3 > tests/b.out; $RUFF test; echo $?; $RUFF test --update --runtime vm; cat tests/b.out
