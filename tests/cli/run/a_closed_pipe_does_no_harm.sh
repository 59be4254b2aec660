echo "for i in 100000 { print(i) }" > p.ruff; $RUFF run p.ruff | head -1
