"""Resident memory of programs that wait, and how long an empty program takes."""
import re
import resource
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from engine import output_of, processor_time, verdict

# Name: (program, bar in MB, whether the idle process counts)
PROGRAMS = {
    "idle process": ("", 8, True),
    "array of 10^6 ints": ("data := []\nfor i in range(1000000) { push(data, i) }\n", 9, False),
    "10^6 structs of two fields": (
        "struct Point { x, y }\ndata := []\nfor i in range(1000000) { push(data, Point {x: i, y: i}) }\n", 64, False),
}
WAIT = 'print("ready")\ninput()\n'
# Arrays of 640 KB, made and dropped.
DROPPED = "func inc(x) { return x + 1 }\nt := 0\nfor _ in range(to_int(args()[0])) { t := t + len(map(range(40000), inc)) }\nprint(t)\n"
STARTS = 15


def resident(build, path):
    """Resident and highest resident MB of the program while it waits for input."""
    child = subprocess.Popen([build / "bin/ruff", "run", "--vm", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             text=True)
    if child.stdout.readline() != "ready\n":
        raise SystemExit(f"{path} did not get ready")
    status = Path(f"/proc/{child.pid}/status").read_text()
    child.communicate("\n", timeout=60)
    return [int(re.search(name + r":\s+(\d+)", status)[1]) / 1024 for name in ("VmRSS", "VmHWM")]


def start_times(build, folder, rounds):
    """Milliseconds of wall and of processor time of an empty program."""
    commands = {"ruff:vm": [build / "bin/ruff", "run", "--vm"], "lua": ["lua5.4"], "python": ["python3"]}
    path = folder / "empty"
    path.write_text("")
    times = {name: [] for name in commands}
    for _ in range(STARTS * rounds):
        for name, command in commands.items():
            began = time.perf_counter()
            seconds = processor_time(command + [path], 60)
            times[name].append((1000 * (time.perf_counter() - began), 1000 * seconds))
    return {name: [statistics.median(column) for column in zip(*taken)] for name, taken in times.items()}


def faults(build, path, rounds):
    """Pages that were not there when they were touched."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt
    output_of([build / "bin/ruff", "run", "--vm", path, str(rounds)])
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt - before


def print_memory(build, rounds):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("\nMemory in MB while the program waits (the highest in brackets)")
        idle = 0
        for what, (text, bar, is_idle) in PROGRAMS.items():
            path = folder / "memory.ruff"
            path.write_text(text + WAIT)
            now, highest = resident(build, path)
            value = now - idle
            print(f"{what:44}{value:6.1f} ({highest - idle:.1f})  bar {bar}  {verdict(value, bar)}")
            if is_idle:
                idle = now
        path = folder / "dropped.ruff"
        path.write_text(DROPPED)
        value = (faults(build, path, 110) - faults(build, path, 10)) / 100
        print(f"{'fresh pages for dropped arrays of 640 KB':44}{value:6.1f}  bar 1  {verdict(value, 1)}")
        times = start_times(build, folder, rounds)
    print("\nEmpty program, processor time in ms (with waiting for others in brackets)")
    for name, (wall, processor) in times.items():
        print(f"{name:44}{processor:6.1f} ({wall:.1f})" + (f"  bar 3.0  {verdict(processor, 3.0)}" * (name == "ruff:vm")))
