: > e.ruff; $RUFF run --scheduler-timeout-ms 0 e.ruff
