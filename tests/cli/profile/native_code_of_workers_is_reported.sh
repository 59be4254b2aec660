$RUFF --version | grep -q unavailable && { cat "$HERE/native_code_of_workers_is_reported.stdout.exact"; exit 0; }
cat > p.ruff <<'EOF'
c := channel()
for k in range(2) {
    spawn {
        mut s := 0
        for i in range(3000000) { s := s + i * 3 % 7 }
        c.send(s)
    }
}
print(c.receive() + c.receive())
EOF
RF_JIT_SYNC=1 $RUFF profile --cpu --jit --json --output p.json p.ruff 2>/dev/null
python3 - <<'EOF'
import json
report = json.load(open("p.json"))
jit = report["jit"]
compiled = [event for event in jit["events"] if event["kind"] == "compile" and event["function"] == "spawn block"]
times = [event["at_ns"] for event in jit["events"]]
print(len(compiled), report["counters"]["jit.compiled"] >= 2, times == sorted(times))
EOF
