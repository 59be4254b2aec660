"""Language tests: every NAME.ruff below this folder runs in each engine and must give NAME.out, NAME.err, NAME.exit.

Missing files mean: no output, no error text, exit 0.  The program runs in its own folder, named NAME.ruff, so that
positions in error texts are stable.  NAME.args holds arguments (one a line), NAME.in standard input, NAME.options
options of `ruff run`.  A file called helper_*.ruff or one below a folder named modules is not a test.

usage: run.py RUFF ENGINES [--bless] [--without FILE] [FILTER...]
FILE: what the build cannot run, one `PROGRAM ENGINES REASON` a line (thread_sanitizer.txt); everything is given more time.
ENGINES: comma list of interpreter, vm, jit, or one in a form that must make no difference:
  X+profiled  under all instruments of `ruff profile`, the report elsewhere
  X+measured  under the memory instrument alone: the VM has a loop for it
  jit+sync    native code is made of everything at once and waited for
  jit+stress  and every so many of its guards fail on purpose
  jit+o1      and it is optimised little
  jit+random  native code is made meanwhile, of what is run a random number of times
  jit+core    the same on one processor
  jit+later   as jit+sync, but at first nothing is counted, and the loops are left for those that count in the middle of anything
  jit+cache   three runs: without the cache, filling it, using it
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import zlib
from concurrent.futures import ThreadPoolExecutor

here = pathlib.Path(__file__).resolve().parent
TIMEOUT, PATIENT_TIMEOUT = 60, 600

exceptions = {}


def read(path, default=""):
    return path.read_text() if path.exists() else default


def form_of(engine, program):
    """What to put before the command and into the environment; numbers depend on the name, so they stay the same."""
    form, number = engine.partition("+")[2], zlib.crc32(program.name.encode())
    eager = {"RF_JIT_HOT": "1", "RF_JIT_SYNC": "1"}
    return {"": ([], {}),
            "sync": ([], eager),
            "stress": ([], eager | {"RF_JIT_STRESS": str(1 + number % 7)}),
            "o1": ([], eager | {"RF_JIT_OPT": "1"}),
            "random": ([], {"RF_JIT_HOT": str(1 + number % 300)}),
            "later": ([], eager | {"RF_JIT_LATER_US": str(1 + number % 400)}),
            "core": (["taskset", "-c", str(min(os.sched_getaffinity(0)))], {"RF_JIT_HOT": "20"}),
            "profiled": ([], {}),
            "measured": ([], {}),
            "cache": ([], eager)}[form]


def report_of(program):
    return os.path.join(tempfile.gettempdir(), f"ruff-profile-{os.getpid()}-{zlib.crc32(str(program).encode())}.txt")


def read_exceptions(path):
    """By program: the engines it is not run in."""
    exceptions = {}
    for line in pathlib.Path(path).read_text().splitlines() if path else []:
        if line and not line.startswith("#"):
            program, engines, _ = line.split(None, 2)
            if not (here / program).exists():
                sys.exit(f"{path}: no program {program}")
            exceptions[here / program] = engines.split(",")
    return exceptions


def run_once(ruff, engine, program, cache="off"):
    options = read(program.with_suffix(".options")).split()
    arguments = read(program.with_suffix(".args")).splitlines()
    before, variables = form_of(engine, program)
    name = engine.partition("+")[0]
    how = [] if name == "jit" else [f"--{name}"]  # the default; asked for, its absence would be told
    command = [*before, ruff, "run", *how, *options, program.name, *arguments]
    if engine.endswith(("+profiled", "+measured")):
        at, instruments = command.index("run"), ["--memory"] if engine.endswith("+measured") else []
        command[at:at + 1] = ["profile", *instruments, "--output", report_of(program)]
    try:
        done = subprocess.run(command, cwd=program.parent, input=read(program.with_suffix(".in")).encode(),
                              env=os.environ | {"RUFF_JIT_CACHE": cache} | variables, capture_output=True,
                              timeout=PATIENT_TIMEOUT if exceptions else TIMEOUT)
    except subprocess.TimeoutExpired:
        return "", "no end", -1
    finally:
        pathlib.Path(report_of(program)).unlink(missing_ok=True)
    return done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"), done.returncode


def run(ruff, engine, program):
    if engine != "jit+cache":
        return [run_once(ruff, engine, program)]
    with tempfile.TemporaryDirectory() as folder:
        return [run_once(ruff, engine, program, where) for where in ("off", f"{folder}/jit", f"{folder}/jit")]


def expected(program):
    return (read(program.with_suffix(".out")), read(program.with_suffix(".err")),
            int(read(program.with_suffix(".exit"), "0")))


def bless(program, got):
    for suffix, text, nothing in ((".out", got[0], ""), (".err", got[1], ""), (".exit", f"{got[2]}\n", "0\n")):
        path = program.with_suffix(suffix)
        if text == nothing:
            path.unlink(missing_ok=True)
        else:
            path.write_text(text)


def check(ruff, engines, program, blessing):
    problems = []
    for index, engine in enumerate(engines):
        if engine.partition("+")[0] in exceptions.get(program, []):
            continue
        for number, got in enumerate(run(ruff, engine, program)):
            if blessing and index == 0 and number == 0:
                bless(program, got)
            want = expected(program)
            for what, g, w in zip(("output", "error text", "exit code"), got, want):
                if g != w:
                    problems.append(f"FAIL {program.relative_to(here)} ({engine}, run {number + 1}): {what} differs\n"
                                    f"--- expected\n{w}\n--- got\n{g}\n")
    return problems


def main():
    arguments = [a for a in sys.argv[1:] if a != "--bless"]
    if "--without" in arguments:
        at = arguments.index("--without")
        exceptions.update(read_exceptions(arguments[at + 1]))
        del arguments[at:at + 2]
    ruff, engines, filters = str(pathlib.Path(arguments[0]).resolve()), arguments[1].split(","), arguments[2:]
    blessing = "--bless" in sys.argv
    programs = [p for p in sorted(here.rglob("*.ruff"))
                if not p.name.startswith("helper_") and "modules" not in p.relative_to(here).parts]
    programs = [p for p in programs if not filters or any(f in str(p.relative_to(here)) for f in filters)]
    failures = []
    with ThreadPoolExecutor(2) as pool:
        for problems in pool.map(lambda p: check(ruff, engines, p, blessing), programs):
            failures += problems
    print("\n".join(failures))
    failed = len({f.split(" (")[0] for f in failures})
    print(f"{len(programs)} programs in {', '.join(engines)}: {len(programs) - failed} passed, {failed} failed")
    sys.exit(1 if failures or not programs else 0)


main()
