echo "print(1)
x" | $RUFF run -
