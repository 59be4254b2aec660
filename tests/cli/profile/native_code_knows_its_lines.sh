$RUFF --version | grep -q unavailable && { cat "$HERE/native_code_knows_its_lines.stdout.exact"; exit 0; } # no native code to look at
cat > p.ruff <<'EOF'
func leaf(x) {
    y := x * 7 % 13
    z := y * y % 101
    return z + 1
}
func middle(n) {
    mut t := 0
    for i in range(n) {
        t := t + leaf(i)
    }
    return t
}
func fib(n) {
    if n < 2 { return n }
    return fib(n - 1) + fib(n - 2)
}
func lines(n) {
    mut a := 0
    mut b := 0
    mut i := 0
    while i < n {
        a := (b + i * 3) % (n + 1)
        b := (b + a * 5) % (n + 2)
        i := i + 1
    }
    return a + b
}
func built_ins(n) {
    mut s := 0
    for i in range(n) {
        s := s + len(to_upper("some words for it"))
        s := s % 1000003
    }
    return s
}
for k in range(10) {
    middle(5000000)
    fib(32)
    lines(1000000)
    built_ins(200000)
}
EOF
RF_JIT_SYNC=1 $RUFF profile --cpu --json --output p.json --flamegraph p.folded p.ruff 2>/dev/null
python3 - <<'EOF'
import json
report = json.load(open("p.json"))
functions = {f["function"]: f for f in report["cpu"]["functions"]}
lines = {line["line"]: line for line in report["cpu"]["lines"]}
own = lambda n: lines[n]["own"]["cpu_ns"] if n in lines else 0
share = lambda f, tier: functions[f]["tiers"].get(tier, 0) / sum(functions[f]["tiers"].values())
print("inlined leaf is its own function:", share("leaf", "inl") > 0.8)
print("at its own lines:", own(2) + own(3) + own(4) > 0.9 * functions["leaf"]["self"]["cpu_ns"])
print("two lines of a loop:", own(22) > 0.2 * functions["lines"]["self"]["cpu_ns"],
      own(23) > 0.2 * functions["lines"]["self"]["cpu_ns"], share("lines", "jit") > 0.8)
print("a built-in at the line that calls it:", lines[31]["tiers"].get("blt", 0) > 0.95 * functions["to_upper"]["self"]["cpu_ns"])
deepest = max(text.rsplit(" ", 1)[0].count(";fib") for text in open("p.folded") if text.rsplit(" ", 1)[0].endswith("_[j]"))
print("calls without frames of the VM:", deepest > 8)
EOF
