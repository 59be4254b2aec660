for i in $(seq 300); do printf "("; done > n.ruff; printf 1 >> n.ruff; for i in $(seq 300); do printf ")"; done >> n.ruff; $RUFF run n.ruff
