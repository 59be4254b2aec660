printf "x := 1\nprint(x)\n" > ok.ruff; $RUFF check ok.ruff; $RUFF check -q ok.ruff; $RUFF check --verbose ok.ruff; $RUFF check --json ok.ruff
