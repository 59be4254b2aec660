echo "exit(5)" | $RUFF repl
