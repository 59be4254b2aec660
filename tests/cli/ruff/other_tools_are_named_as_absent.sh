$RUFF serve
