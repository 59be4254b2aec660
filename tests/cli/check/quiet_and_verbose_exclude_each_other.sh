: > a.ruff; $RUFF check -q -v a.ruff
