$RUFF --version; $RUFF -V
