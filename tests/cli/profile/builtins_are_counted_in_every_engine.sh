# The calls of built-ins and functions are exact, in native code too, whether it comes meanwhile or is waited for.
cat > p.ruff <<'R'
func add(a, b) { return a + b }
func work(n) {
    known := {a: 1}
    mut s := 0
    for i in range(n) {
        s := add(s, len(to_upper("abc"))) % 1000003
        s := s + abs(0 - i % 5)
        if i % 4 == 0 { s := s + to_int(sqrt(to_float(i))) }
        if has_key(known, "a") { s := s + get(known, "a") }
    }
    return s
}
mut t := 0
for k in range(20) { t := t + work(10000) }
print(t)
R
count() {
    $RUFF profile $1 --cpu --json --output p.json p.ruff
    python3 - <<'P'
import json
calls = {f["function"]: f["calls"] for f in json.load(open("p.json"))["cpu"]["functions"]}
print({name: calls.get(name) for name in ("work", "add", "to_upper", "abs", "sqrt", "to_int", "has_key", "get")})
P
}
count --vm
count --jit-mode
RF_JIT_SYNC=1 count --jit-mode
