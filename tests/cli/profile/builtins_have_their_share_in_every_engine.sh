# A built-in that takes about as long as the script code around it: of what the loop takes less without it, most is its own.
cat > p.ruff <<'R'
func with(list, n) {
    mut t := 0
    for i in range(n) {
        t := t + i % 7
        if contains(list, -1) { t := t + 1 }
    }
    return t
}
func without(list, n) {
    mut t := 0
    for i in range(n) {
        t := t + i % 7
        if i > n { t := t + 1 }
    }
    return t
}
func milliseconds(f, list, n) {
    start := performance_now()
    for _ in range(20) { f(list, n) }
    return performance_now() - start
}
list := collect(range(to_int(args()[0])))
n := to_int(args()[1])
whole := milliseconds(with, list, n)
print(1 - milliseconds(without, list, n) / whole)
R
try() {
    less=$(RF_JIT_SYNC=1 $RUFF profile $1 --cpu --json --output p.json p.ruff -- $2 $3 2>/dev/null)
    python3 - $1 $less <<'P'
import json, sys
functions = {f["function"]: f for f in json.load(open("p.json"))["cpu"]["functions"]}
told = functions["contains"]["self"]["cpu_ns"] / functions["with"]["total"]["cpu_ns"]
part = told / float(sys.argv[2])
print(sys.argv[1], "its own" if 0.6 <= part < 1.1 else part)
P
}
try --interpreter 250 150000
try --vm 100 400000
$RUFF --version | grep -q unavailable && { echo "--jit-mode its own"; exit 0; }
try --jit-mode 60 1000000
