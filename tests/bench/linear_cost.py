"""Growing and changing collections costs the same for every element, however many there are."""
import statistics
import subprocess
import tempfile
from math import inf, isqrt
from pathlib import Path

from engine import output_of, processor_time, verdict

SIZES = [10**4, 10**5, 10**6]
ELEMENTS = 10**7  # in one process, whatever the size
COLUMNS = {str(n): (n, ELEMENTS // n) for n in SIZES}
# No bar: where a process does it only once, memory that is touched for the first time costs a fault for each page.
ONCE = "once"
TIMES = COLUMNS | {ONCE: (SIZES[-1], 1)}
BAR = 1.5
LIMIT = 20  # seconds for one program

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
SCATTERED = "d[k] := v, scattered k"  # no bar: how far the table outgrows the caches decides
GO = {"push(xs, v)": "push", SCATTERED: "scattered"}  # growth.go
# Name: (declarations, what the variable starts as, one step)
OPERATIONS = {
    "push(xs, v)": ("", "[]", "push(data, i)"),
    "xs := push(xs, v)": ("", "[]", "data := push(data, i)"),
    "self.items.push(v)": (BAG, "Bag {items: []}", "data.add(i)"),
    "d[k] := v": ("", "{}", "data[i] := i"),
    SCATTERED: ("", "{}", "data[i * 7919 % 1000003] := i"),
    "s := s + c": ("", '""', 'data := data + "c"'),
    "g[i][j] += 1": (GRID, "grid(side)", "data[i / side][i % side] += 1"),
}
# The same steps on a local variable, one of the module and one that a closure holds.
PLACES = {
    "local": """func run(n, side) {{
    data := null
    for _ in range(repeats) {{
        data := {start}
        for i in range(n) {{ {step} }}
    }}
}}
run(n, side)
""",
    "module": """data := null
for _ in range(repeats) {{
    data := {start}
    for i in range(n) {{ {step} }}
}}
""",
    "captured": """func run(n, side) {{
    data := null
    step := func(i) {{ {step} }}
    for _ in range(repeats) {{
        data := {start}
        for i in range(n) {{ step(i) }}
    }}
}}
run(n, side)
""",
}
HEAD = """n := parse_int(args()[0])
side := parse_int(args()[1])
repeats := parse_int(args()[2])
"""


def write_programs(build, folder):
    """The command of each operation and place, to be followed by n, side and repeats."""
    programs = {}
    output_of(["go", "build", "-o", folder / "growth", Path(__file__).parent / "growth.go"])
    for operation, (declarations, start, step) in OPERATIONS.items():
        for place, frame in PLACES.items():
            path = folder / f"{len(programs)}.ruff"
            path.write_text(declarations + HEAD + frame.format(start=start, step=step))
            programs[operation, place] = [build / "bin/ruff", "run", "--vm", path]
        if operation in GO:
            programs[operation, "Go"] = [folder / "growth", GO[operation]]
    return programs


def cost_of_element(program, n, repeats):
    """Nanoseconds, making and releasing included; infinite when the program does not end in time."""
    sizes = [str(n), str(isqrt(n - 1) + 1)]
    try:
        started = processor_time(program + sizes + ["0"], LIMIT)
        return 1e9 * (processor_time(program + sizes + [str(repeats)], LIMIT) - started) / (repeats * n)
    except subprocess.TimeoutExpired:
        return inf


def print_linear_cost(build, rounds):
    with tempfile.TemporaryDirectory() as folder:
        programs = write_programs(build, Path(folder))
        taken = {(key, column): [] for key in programs for column in TIMES}
        endless = set()
        for _ in range(rounds):
            for key, program in programs.items():
                for column, (n, repeats) in TIMES.items():
                    cost = inf if key in endless else cost_of_element(program, n, repeats)
                    if cost == inf:
                        endless.add(key)
                    taken[key, column].append(cost)
    print(f"\nProcessor time of one element in ns, {rounds} rounds; largest to smallest must be within {BAR}")
    print(f"{ONCE}: the largest size once in a process, no bar")
    print(f"{'':34}" + "".join(f"{column:>10}" for column in TIMES) + "  spread")
    for key in programs:
        costs = [statistics.median(taken[key, column]) for column in COLUMNS]
        spread = max(costs) / min(costs) if min(costs) < inf else inf
        outcome = verdict(spread, BAR) if spread < inf else f"MISSED: not done after {LIMIT} s"
        if spread < inf and (key[0] == SCATTERED or key[1] == "Go"):
            outcome = "(no bar)"
        cells = "".join(f"{statistics.median(taken[key, column]):10.1f}" for column in TIMES)
        print(f"{key[0]:24}{key[1]:10}{cells}{spread:8.2f}  {outcome}")
