# The interpreter and native code are looked at by a signal, which workers must not block.
cat > p.ruff <<'EOF'
c := channel()
spawn {
    mut s := 0
    for i in range(20000000) { s := s + i * 3 % 7 }
    c.send(s)
}
print(c.receive())
EOF
sed 's/20000000/1500000/' p.ruff > short.ruff
tiers() { # engine, program
    $RUFF profile --cpu "$1" --json --output p.json "$2" >/dev/null 2>&1
    python3 - <<'EOF'
import json
report = json.load(open("p.json"))
tiers = next(f for f in report["cpu"]["functions"] if f["function"] == "spawn block")["tiers"]
print(max(tiers, key=tiers.get), sum(tiers.values()) > 0.8 * report["cpu"]["all"]["cpu_ns"])
print([task["task"] for task in report["cpu"]["tasks"] if task["own"]["cpu_ns"] > 0.8 * report["cpu"]["all"]["cpu_ns"]])
EOF
}
tiers --interpreter short.ruff
tiers --vm p.ruff
