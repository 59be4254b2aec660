printf 'x := "a\377b"\n' > e.ruff; $RUFF run e.ruff
