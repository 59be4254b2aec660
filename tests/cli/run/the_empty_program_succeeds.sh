: > e.ruff; $RUFF run e.ruff
