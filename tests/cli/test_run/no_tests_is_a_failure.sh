echo "print(1)" > n.ruff; $RUFF test-run n.ruff
