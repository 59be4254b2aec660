echo "exit(259)" > e.ruff; $RUFF run e.ruff
