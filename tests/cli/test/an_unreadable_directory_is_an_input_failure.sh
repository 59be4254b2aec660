$RUFF test absent
