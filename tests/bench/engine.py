"""The engines that are compared, and how a program of the suite is run in them."""
import re
import resource
import statistics
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Engine:
    def __init__(self, name, command, folder, ending):
        self.name, self.command, self.folder, self.ending = name, command, folder, ending

    def source(self, problem):
        return ROOT / "suites" / self.folder / f"{problem}.{self.ending}"


def engines(build):
    return [
        Engine("ruff:vm", [str(build / "bin/ruff"), "run", "--vm"], "ruff", "ruff"),
        Engine("lua", ["lua5.4"], "lua", "lua"),
        Engine("luajit -joff", ["luajit", "-joff"], "lua", "lua"),
        Engine("python", ["python3"], "python", "py"),
    ]


def suite_sizes():
    """Name and default size of every problem, in the order of the suite."""
    text = (ROOT / "suites/suite.yaml").read_text()
    return dict(re.findall(r"^  - name: (\w+)\n(?:    .*\n)*?    sizes: .*default: (\d+)", text, re.M))


def output_of(command, limit=300, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=limit,
                          stdin=subprocess.DEVNULL, **options)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def processor_time(command, limit):
    """Seconds of processor time the command takes: what others do on the machine shows little in it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output_of(command, limit)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run_problem(engine, problem, size, iterations=3, budget_ms=300):
    """Best time in nanoseconds of a few iterations in one process, and the answer."""
    command = engine.command + [str(engine.source(problem)), str(size), "0", str(iterations), str(budget_ms)]
    samples = re.findall(r"^@i (\d+) (\S+)", output_of(command, cwd=engine.source(problem).parent), re.M)
    if not samples:
        raise SystemExit(f"{' '.join(command)} printed no samples")
    return min(int(took) for took, _ in samples), samples[-1][1]


def median_ratio(times, others):
    """Median over the rounds of the ratio within the round."""
    return statistics.median(a / b for a, b in zip(times, others))


def verdict(value, bar):
    return "met" if value <= bar else f"MISSED by {100 * (value / bar - 1):.0f} %"
