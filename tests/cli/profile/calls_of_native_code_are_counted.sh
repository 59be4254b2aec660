# Calls are as many as without native code, whoever makes them, and the report says how many ran as native code.
cat > p.ruff <<'END'
func leaf(x) { return x + 1 }
func fib(n) {
    if n < 2 { return n }
    return fib(n - 1) + fib(n - 2)
}
struct Point {
    x
    func moved(d) { return x + d }
}
func work(n) {
    mut s := 0
    p := Point { x: 3 }
    for i in range(n) { s := s + leaf(i) + p.moved(i) }
    return s + len(map(range(50), |x| x * 2))
}
mut t := 0
for k in range(300) { t := t + work(300) + fib(12) }
print(t)
END
cat > read.py <<'END'
import json
vm, jit = (json.load(open(f"{name}.json"))["cpu"]["functions"] for name in ("vm", "jit"))
vm, jit = ({(f["function"], f["line"]): f for f in report if f["file"]} for report in (vm, jit))
for key, f in vm.items():
    if jit[key]["calls"] != f["calls"]:
        print(key, "was called", f["calls"], "times, with native code", jit[key]["calls"])
print(sorted(name for (name, _), f in vm.items() if f["native_calls"] is not None))
for name in ("leaf", "fib", "Point.moved"):
    (f,) = (f for (called, _), f in jit.items() if called == name)
    print(name, f["calls"], "nearly all" if 0.9 * f["calls"] < f["native_calls"] <= f["calls"] else f["native_calls"])
END
$RUFF profile --cpu --vm --json --output vm.json p.ruff
if $RUFF --version | grep -q unavailable; then # no native code to look at
    sed 1d "$HERE/calls_of_native_code_are_counted.stdout.exact"
    exit 0
fi
RUFF_JIT_CACHE=off RF_JIT_SYNC=1 $RUFF profile --jit --cpu --json --output jit.json p.ruff
python3 read.py
