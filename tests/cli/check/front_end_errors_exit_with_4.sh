echo "break" > b.ruff; $RUFF check b.ruff
