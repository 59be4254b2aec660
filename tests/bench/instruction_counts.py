"""Machine instructions of one operation, counted by callgrind: the difference between two lengths of a loop."""
import re
import subprocess
import tempfile
from pathlib import Path

from engine import ROOT

RECORD = ROOT / "reports/instruction-counts.txt"
LENGTHS = 1000, 6000
TOLERANCE = 0.03

# Name: (declarations, before the loop, the step)
OPERATIONS = {
    "empty loop": ("", "", ""),
    "int add": ("", "a := 1", "a := a + i"),
    "int multiply, modulo": ("", "a := 1", "a := a * 31 % 1000003"),
    "int divide": ("", "a := 1", "a := i / 3"),
    "float multiply, add": ("", "a := 1.0", "a := a * 0.5 + 1.5"),
    "compare and branch": ("", "a := 0", "if i < 500 { a += 1 }"),
    "while loop": ("", "a := 0", "while a < i { a += 1 }"),
    "call": ("func f(v) { return v }", "", "f(i)"),
    "call, three arguments": ("func f(a, b, c) { return a }", "", "f(i, i, i)"),
    "closure call": ("", "a := 1\n    f := func(v) { return v + a }", "f(i)"),
    "method call": ("struct P {\n    x\n    func get(self) { return self.x }\n}", "p := P {x: 1}", "p.get()"),
    "method that changes a field": ("struct P {\n    x\n    func inc(self) { self.x += 1 }\n}", "p := P {x: 1}",
                                    "p.inc()"),
    "builtin call": ("", "", "abs(i)"),
    "field read": ("struct P { x, y }", "p := P {x: 1, y: 2}\n    a := 0", "a := p.y"),
    "field write": ("struct P { x, y }", "p := P {x: 1, y: 2}", "p.y := i"),
    "new struct": ("struct P { x, y }", "p := 0", "p := P {x: i, y: i}"),
    "array read": ("", "xs := [1, 2, 3, 4]\n    a := 0", "a := xs[i % 4]"),
    "array write": ("", "xs := [1, 2, 3, 4]", "xs[i % 4] := i"),
    "array of arrays, update": ("", "g := [[1, 2], [3, 4]]", "g[i % 2][0] += 1"),
    "push": ("", "xs := []", "push(xs, i)"),
    "array push method": ("", "xs := []", "xs.push(i)"),
    "new array": ("", "a := 0", "a := [i, i, i]"),
    "loop over ten elements": ("", "xs := [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n    a := 0", "for x in xs { a += x }"),
    "dict read, constant key": ("", 'd := {first: 1, second: 2}\n    a := 0', 'a := d["second"]'),
    "dict update, int key": ("", "d := {}\n    for k in range(64) { d[k * 7919] := 0 }", "d[i % 64 * 7919] += 1"),
    "dict update, string key": ("", 'd := {aa: 1, bb: 2}\n    ks := ["aa", "bb"]', "d[ks[i % 2]] += 1"),
    "new dict": ("", "a := 0", "a := {first: i, second: i}"),
    "string append": ("", 's := ""', 's := s + "c"'),
    "string interpolation": ("", 's := ""', 's := "n ${i}"'),
    "string character": ("", 't := "abcdefgh"\n    c := ""', "c := t[i % 8]"),
    "string compare": ("", 't := "abcdefgh"\n    a := 0', 'if t == "abcdefgi" { a += 1 }'),
    "try without error": ("", "a := 0", "try { a += 1 } except e { a := 0 }"),
    "throw and catch": ("", "a := 0", 'try { throw "x" } except e { a += 1 }'),
    "match": ("", "a := 0", "match i % 3 {\n            case 0: { a += 1 }\n            case 1: { a += 2 }\n"
              "            default: { a += 3 }\n        }"),
    "generator step": ("func* count(n) {\n    for i in range(n) { yield i }\n}", "a := 0", None),
    "map and filter ten elements": ("", "xs := range(10)\n    a := 0",
                                    "a := len(filter(map(xs, func(v) { return v + 1 }), func(v) { return v > 3 }))"),
    "module variable add": (None, "a := 1", "a := a + i"),
}


def program(declarations, before, step, length):
    if step is None:
        return f"{declarations}\nfunc run(n) {{\n    {before}\n    for v in count(n) {{ a := v }}\n}}\nrun({length})\n"
    if declarations is None:
        return f"{before}\nfor i in range({length}) {{ {step} }}\n"
    return f"{declarations}\nfunc run(n) {{\n    {before}\n    for i in range(n) {{ {step} }}\n}}\nrun({length})\n"


def instructions(build, path):
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", build / "bin/ruff", "run", "--vm", path]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=300)
    collected = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not collected:
        raise SystemExit(f"{path.read_text()}failed under callgrind:\n{done.stdout}{done.stderr}")
    return int(collected[1])


def count_all(build):
    counts = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "count.ruff"
        for name, parts in OPERATIONS.items():
            totals = []
            for length in LENGTHS:
                path.write_text(program(*parts, length))
                totals.append(instructions(build, path))
            counts[name] = (totals[1] - totals[0]) / (LENGTHS[1] - LENGTHS[0])
    return counts


def read_record():
    if not RECORD.exists():
        raise SystemExit(f"{RECORD} is missing: make it with ./dev bars instructions --write")
    rows = re.findall(r"^(\S.*?)\s{2,}([0-9.]+)$", RECORD.read_text(), re.M)
    return {name: float(count) for name, count in rows}


def print_instructions(build, write, check):
    counts = count_all(build)
    recorded = read_record() if check or RECORD.exists() else {}
    print("\nInstructions of one turn of the loop, the loop included (recorded before)")
    grown = []
    for name, count in counts.items():
        before = recorded.get(name)
        print(f"{name:32}{count:10.1f}" + (f"  ({before:.1f}, {100 * (count / before - 1):+.1f} %)" if before else ""))
        if before and count > before * (1 + TOLERANCE):
            grown.append(name)
    if write:
        lines = "".join(f"{name:32}{count:10.1f}\n" for name, count in counts.items())
        RECORD.write_text("Instructions of one turn of a loop in the VM, the loop included (x86-64, callgrind).\n"
                          "Made by: ./dev bars instructions --write\n\n" + lines)
    if check and grown:
        raise SystemExit("more instructions than recorded: " + ", ".join(grown))
