echo 'func f(n) { return n + 1 }
print(f(1))' > p.ruff
$RUFF profile --vm --json --output p.json p.ruff
python3 - <<'END'
import json
report = json.load(open("p.json"))
print(sorted(report))
print(sorted(report["run"]))
print([(f["function"], f["line"], f["calls"]) for f in report["cpu"]["functions"] if f["file"]])
END
