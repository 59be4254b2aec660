$RUFF --help | head -1; $RUFF -h | head -1; $RUFF help run | head -1; $RUFF run --help | head -1
