$RUFF rnu x.ruff
