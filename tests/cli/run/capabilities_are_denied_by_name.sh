cat > c.ruff <<"E"
try { read_file("c.ruff") } except e { print(e.message) }
print(len(args()))
E
$RUFF run --untrusted c.ruff; $RUFF run --allow-clock c.ruff; $RUFF run --allow-fs-read c.ruff; $RUFF run --untrusted --allow-all c.ruff
