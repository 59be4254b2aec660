"""Single operations with a bar of their own: appending, updating a dict, allocating."""
import statistics
import tempfile
from pathlib import Path

from engine import median_ratio, output_of, processor_time, verdict

REPEATS = 30
LIMIT = 60  # seconds for one program
OPERATIONS = 100_000  # of one round of the programs
HERE = Path(__file__).resolve().parent


def time_of_round(program):
    """Nanoseconds of processor time, without starting and preparing."""
    started = processor_time(program + ["0"], LIMIT)
    return 1e9 * (processor_time(program + [str(REPEATS)], LIMIT) - started) / REPEATS


def allocation_pair(build):
    report = output_of([build / "bin/bench_value"])
    line = next(line for line in report.splitlines() if line.startswith("allocate and release a cell"))
    return float(line.split()[-2])


def print_points(build, rounds):
    ruff = [build / "bin/ruff", "run", "--vm"]
    append, ruff_update, go_update, pair = [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "dict_update"
        output_of(["go", "build", "-o", program, HERE / "dict_update.go"])
        for _ in range(rounds):
            append.append(time_of_round(ruff + [HERE / "append.ruff"]) / 1e6)
            ruff_update.append(time_of_round(ruff + [HERE / "dict_update.ruff"]) / OPERATIONS)
            go_update.append(time_of_round([program]) / OPERATIONS)
            pair.append(allocation_pair(build))
    ratio = median_ratio(ruff_update, go_update)
    update = statistics.median(ruff_update), statistics.median(go_update)
    print(f"\nSingle operations, processor time, {rounds} rounds")
    for text, value, bar, unit in [
        ("100,000 appends to a string", statistics.median(append), 1.0, "ms"),
        (f"dict update to Go ({update[0]:.1f} ns, {update[1]:.1f} ns)", ratio, 1.3, "x"),
        ("allocate and release", statistics.median(pair), 15.0, "ns"),
    ]:
        print(f"{text:44}{value:6.2f} {unit:2}  bar {bar:.2f}  {verdict(value, bar)}")
