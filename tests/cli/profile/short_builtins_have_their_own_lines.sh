# Built-ins of a few nanoseconds: their time is at the lines that call them, and at no others.
cat > s.ruff <<'R'
func work(n) {
    known := {a: 1, b: 2}
    mut s := 0
    for i in range(n) {
        s := s + i % 7
        t := to_string(i)
        s := s + i % 3
        u := to_upper("abcdefgh")
        s := s + i % 5
        if has_key(known, "b") {
            s := s + i % 2
        }
        s := s + abs(i)
        s := s + i % 9
    }
    return s
}
for _ in range(20) { work(200000) }
R
$RUFF profile --vm --cpu --json --output s.json s.ruff 2>/dev/null
python3 - <<'P'
import json
lines = {line["line"]: line["tiers"].get("blt", 0) for line in json.load(open("s.json"))["cpu"]["lines"]}
whole = sum(lines.values())
callers = sum(lines.get(line, 0) for line in (6, 8, 10, 13))
print("at their lines:", "yes" if whole and callers >= 0.95 * whole else lines)
print("the longest first:", "yes" if lines.get(6, 0) >= max(lines.values()) else lines)
P
