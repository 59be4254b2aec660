echo "print(9223372036854775807 + 1)" > o.ruff
$RUFF run --int-overflow=wrap o.ruff; RUFF_INT_OVERFLOW=wrap $RUFF run o.ruff; RUFF_INT_OVERFLOW=wrap $RUFF run --int-overflow=error o.ruff
