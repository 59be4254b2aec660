$RUFF run --vm
