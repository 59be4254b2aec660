$RUFF run absent.ruff
