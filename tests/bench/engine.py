"""The engines that are compared, and how a program of the suite is run in them."""
import re
import resource
import shutil
import statistics
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def copy_of(build, folder):
    """A build of which only the programs are there, in folder.  Which pages of memory hold a program moves what its loop
    takes by up to a fifth (decision 0030): what compares two runs of one file does so with several copies."""
    bin_folder = Path(folder) / "bin"
    bin_folder.mkdir(parents=True)
    for name in ("ruff", "ruff-jitc"):
        if (build / "bin" / name).exists():
            shutil.copy(build / "bin" / name, bin_folder / name)
    return Path(folder)


class Engine:
    def __init__(self, name, command, folder, ending):
        self.name, self.command, self.folder, self.ending = name, command, folder, ending

    def source(self, problem):
        return ROOT / "suites" / self.folder / f"{problem}.{self.ending}"


def engines(build):
    """By name."""
    every = [
        Engine("ruff:vm", [str(build / "bin/ruff"), "run", "--vm"], "ruff", "ruff"),
        Engine("lua", ["lua5.4"], "lua", "lua"),
        Engine("luajit -joff", ["luajit", "-joff"], "lua", "lua"),
        Engine("python", ["python3"], "python", "py"),
        Engine("node", ["node"], "node", "js"),
    ]
    return {engine.name: engine for engine in every}


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


def measured(command, limit=300, **options):
    """Output and seconds of processor time of the command: what others do on the machine shows little in it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output = output_of(command, limit, **options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return output, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def processor_time(command, limit):
    return measured(command, limit)[1]


def run_problem(engine, problem, size, iterations, budget_ms=300):
    """Nanoseconds of each iteration by the program's clock, the answers, and the processor time of all."""
    command = engine.command + [str(engine.source(problem)), str(size), "0", str(iterations), str(budget_ms)]
    output, seconds = measured(command, cwd=engine.source(problem).parent)
    samples = re.findall(r"^@i (\d+) (\S+)", output, re.M)
    return [int(took) for took, _ in samples], {answer for _, answer in samples}, seconds


def processor_time_of_iteration(engine, problem, size):
    """Nanoseconds, without starting the engine.  Not the clocks of the programs: the one of Lua is processor time too,
    but those of the others are not."""
    started = run_problem(engine, problem, size, 0)[2]
    times, answers, seconds = run_problem(engine, problem, size, 3)
    return 1e9 * (seconds - started) / len(times), answers


def time_of_iteration(engine, problem, size):
    """Nanoseconds of the quickest iteration by the clock of the program, for engines with helping threads."""
    times, answers, _ = run_problem(engine, problem, size, 3)
    return min(times), answers


def median_ratio(times, others):
    """Median over the rounds of the ratio within the round."""
    return statistics.median(a / b for a, b in zip(times, others))


def verdict(value, bar):
    return "met" if value <= bar else f"MISSED by {100 * (value / bar - 1):.0f} %"
