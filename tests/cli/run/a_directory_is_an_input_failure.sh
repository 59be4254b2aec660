mkdir d.ruff; $RUFF run d.ruff
