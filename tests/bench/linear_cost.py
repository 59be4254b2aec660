"""Growing and changing collections costs the same for every element, however many there are."""
import statistics
import tempfile
from math import isqrt
from pathlib import Path

from engine import output_of, verdict

SIZES = [10**4, 10**5, 10**6]
BAR = 1.5

BAG = """struct Bag {
    items
    func add(self, v) { self.items.push(v) }
}
"""
GRID = """func grid(side) {
    rows := []
    for _ in range(side) {
        row := []
        for _ in range(side) { push(row, 0) }
        push(rows, row)
    }
    return rows
}
"""
# Name: (declarations, what the variable starts as, one step)
OPERATIONS = {
    "push(xs, v)": ("", "[]", "push(data, i)"),
    "xs := push(xs, v)": ("", "[]", "data := push(data, i)"),
    "self.items.push(v)": (BAG, "Bag {items: []}", "data.add(i)"),
    "d[k] := v": ("", "{}", "data[i] := i"),
    "d[k] := v, scattered k": ("", "{}", "data[i * 7919 % 1000003] := i"),
    "s := s + c": ("", '""', 'data := data + "c"'),
    "g[i][j] += 1": (GRID, "grid(side)", "data[i / side][i % side] += 1"),
}
# The same steps on a local variable, one of the module and one that a closure holds.
PLACES = {
    "local": """func run(n, side) {{
    data := null
    for _ in range(repeats) {{
        data := {start}
        began := time_ns()
        for i in range(n) {{ {step} }}
        print(time_ns() - began)
    }}
}}
run(n, side)
""",
    "module": """data := null
for _ in range(repeats) {{
    data := {start}
    began := time_ns()
    for i in range(n) {{ {step} }}
    print(time_ns() - began)
}}
""",
    "captured": """func run(n, side) {{
    data := null
    step := func(i) {{ {step} }}
    for _ in range(repeats) {{
        data := {start}
        began := time_ns()
        for i in range(n) {{ step(i) }}
        print(time_ns() - began)
    }}
}}
run(n, side)
""",
}
HEAD = """n := parse_int(args()[0])
side := parse_int(args()[1])
repeats := parse_int(args()[2])
"""


def write_programs(folder):
    programs = {}
    for operation, (declarations, start, step) in OPERATIONS.items():
        for place, frame in PLACES.items():
            path = folder / f"{len(programs)}.ruff"
            path.write_text(declarations + HEAD + frame.format(start=start, step=step))
            programs[operation, place] = path
    return programs


def print_linear_cost(build, rounds):
    with tempfile.TemporaryDirectory() as folder:
        programs = write_programs(Path(folder))
        taken = {(key, n): [] for key in programs for n in SIZES}
        for _ in range(rounds):
            for key, path in programs.items():
                for n in SIZES:
                    command = [build / "bin/ruff", "run", "--vm", path, str(n), str(isqrt(n - 1) + 1), str(max(3, 10**5 // n))]
                    best = min(float(line) for line in output_of(command).split())
                    taken[key, n].append(best / n)
    print(f"\nCost of one element in ns, {rounds} rounds; largest to smallest must be within {BAR}")
    print(f"{'':24}{'':10}" + "".join(f"{n:>10}" for n in SIZES) + "  spread")
    for key in programs:
        costs = [statistics.median(taken[key, n]) for n in SIZES]
        spread = max(costs) / min(costs)
        cells = "".join(f"{cost:10.1f}" for cost in costs)
        print(f"{key[0]:24}{key[1]:10}{cells}{spread:8.2f}  {verdict(spread, BAR)}")
