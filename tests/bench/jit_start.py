"""What native code costs those that do not need it, and how soon others have it."""
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from engine import ROOT, copy_of

RUFF = "RUFF"
COPIES = 7
FIB = "func fib(n) {{ if n < 2 {{ return n }} return fib(n - 1) + fib(n - 2) }}\nprint(fib({}))\n"
# Under 20 ms in the VM: nothing to gain, nothing to lose.
SHORT = {
    "empty": "",
    "print": 'print("hello")\n',
    "loop": "s := 0\nfor i in range(0, 1000000) { s = s + i % 7 }\nprint(s)\n",
    "calls": FIB.format(26),
    "more calls": FIB.format(29),
    "dicts": 'd := {}\nfor i in range(0, 150000) { k := "k${i % 97}"  d[k] = i }\nprint(len(d))\n',
    "arrays": "xs := []\nfor i in range(0, 1000000) { push(xs, i * 3 % 1009) }\ns := 0\nfor x in xs { s = s + x }\n"
              "print(s)\n",
    "structs": "struct P { x, y  func norm(self) { return self.x * self.x + self.y * self.y } }\nt := 0\n"
               "for i in range(0, 150000) { p := P { x: i % 10, y: i % 7 }  t = t + p.norm() }\nprint(t)\n",
    "strings": 't := 0\nfor i in range(0, 60000) { t = t + len("a${i}b".upper()) }\nprint(t)\n',
}
# Long enough that native code pays, too short to hide what it costs.
LONGER = {
    "loop": "s := 0\nfor i in range(0, 20000000) { s = s + i % 7 }\nprint(s)\n",
    "calls": FIB.format(33),
    "strings": 't := 0\nfor i in range(0, 2000000) { t = t + len("a${i}b".upper()) }\nprint(t)\n',
    "many functions": "".join(f"func f{i}(n) {{ s := {i} for k in range(0, n) {{ s = s + k * {i} }} return s }}\n"
                              for i in range(30))
                      + "t := 0\nfor r in range(0, 4000) {\n"
                      + "".join(f"    t = t + f{i}(100)\n" for i in range(30)) + "}\nprint(t)\n",
}


def wall(command, environment):
    """Seconds from the start to the end of the command."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, env=environment)
    took = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stderr.decode()}")
    return took


def compare(copies, ways, rounds):
    """The median of each way in ms, and of its ratios to the first way.  The ways take turns, and a ratio is that of a turn, as
    the machine is slow for seconds and then fast; so do the copies of the program, which stands for RUFF."""
    seen = {name: [] for name in ways}
    for number in range(rounds):
        ruff = str(copies[number % len(copies)] / "bin/ruff")
        for name, (command, environment) in ways.items():
            seen[name].append(wall([ruff if word is RUFF else word for word in command], environment))
    first = next(iter(seen.values()))
    return ({name: statistics.median(seconds) * 1000 for name, seconds in seen.items()},
            {name: statistics.median(s / f for s, f in zip(seconds, first)) for name, seconds in seen.items()})


def counters(command, environment):
    text = subprocess.run(command, capture_output=True, text=True, env=environment, check=True).stdout
    return {name: int(value) for name, value in re.findall(r"^@c jit\.(\w+) (\d+)$", text, re.M)}


def helper_peak(command, environment):
    """MB of the helper, a child of one of the program's threads, seen while the program runs."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    peak = 0
    while process.poll() is None:
        for children in Path(f"/proc/{process.pid}/task").glob("*/children"):
            try:
                for child in children.read_text().split():
                    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{child}/status").read_text())
                    peak = max(peak, int(found[1]) if found else 0)
            except OSError:
                pass
        time.sleep(0.002)
    if not peak:
        sys.exit("no helper was seen")
    return peak / 1024


def print_jit_start(build, rounds):
    ruff = str(build / "bin/ruff")
    with tempfile.TemporaryDirectory() as folder:
        copies = [copy_of(build, f"{folder}/copy{number}") for number in range(COPIES)]
        off, kept = dict(os.environ, RUFF_JIT_CACHE="off"), dict(os.environ, RUFF_JIT_CACHE=f"{folder}/cache")

        def file_of(name, text):
            path = Path(folder) / f"{name.replace(' ', '_')}.ruff"
            path.write_text(text)
            return str(path)

        print("\nshort programs: ms from start to end, bar 1.03 of --vm")
        print(f"{'program':16} {'vm':>8} {'jit':>8} {'ratio':>7} {'cached':>8} {'ratio':>7}")
        for name, text in SHORT.items():
            path = file_of(name, text)
            ms, ratio = compare(copies, {"vm": ([RUFF, "run", "--vm", path], off), "jit": ([RUFF, "run", path], off),
                                         "cached": ([RUFF, "run", path], kept)}, 3 * COPIES * rounds)
            print(f"{name:16} {ms['vm']:8.2f} {ms['jit']:8.2f} {ratio['jit']:7.3f} {ms['cached']:8.2f} {ratio['cached']:7.3f}")

        print("\non one processor, with the compiler's time: ms from start to end, bar 1.05 of --vm")
        print(f"{'program':16} {'vm':>8} {'jit':>8} {'ratio':>7} {'compiled':>9}")
        pinned = ["taskset", "-c", str(min(os.sched_getaffinity(0)))]
        for name, text in LONGER.items():
            path = file_of(name, text)
            ms, ratio = compare(copies, {"vm": (pinned + [RUFF, "run", "--vm", path], off),
                                         "jit": (pinned + [RUFF, "run", path], off)}, COPIES * rounds)
            made = counters(pinned + [ruff, "run", "--counters", path], off)
            print(f"{name:16} {ms['vm']:8.2f} {ms['jit']:8.2f} {ratio['jit']:7.3f} {made['compiled']:9}")

        print("\nfirst native code: ms from the start; a piece from the cache, bar 0.1 ms")
        path = file_of("first", FIB.format(36))
        cold = [counters([ruff, "run", "--counters", path], off) for _ in range(3 * rounds)]
        counters([ruff, "run", "--counters", path], kept)
        warm = [counters([ruff, "run", "--counters", path], kept) for _ in range(3 * rounds)]
        hits = [w["cache_ns"] / w["cache_hits"] for w in warm if w.get("cache_hits")]
        first = [c["first_native_ns"] / 1e6 for c in cold]
        print(f"cold: {statistics.median(first):.1f} ms (least {min(first):.1f}), bar 35; of that the compiler "
              f"{statistics.median(c['compile_cpu_ns'] / max(c['compiled'], 1) for c in cold) / 1e6:.1f} ms of processor time")
        if hits:
            print(f"from the cache: {min(hits) / 1e6:.3f} ms a piece (median {statistics.median(hits) / 1e6:.3f}), "
                  f"{min(w['first_native_ns'] for w in warm) / 1e6:.2f} ms after the start")
        peak = helper_peak([ruff, "run", file_of("many", LONGER["many functions"].replace("4000", "60000"))], off)
        print(f"helper: {peak:.0f} MB at most, bar 80")


# ---- when the programs of the suite are as fast as they get ----

def iterations(command, environment):
    text = subprocess.run(command, capture_output=True, text=True, env=environment, check=True, stdin=subprocess.DEVNULL).stdout
    return ([int(ns) / 1e6 for ns in re.findall(r"^@i (\d+)", text, re.M)],
            {name: int(value) for name, value in re.findall(r"^@c jit\.(\w+) (\d+)$", text, re.M)})


def print_warm_up(build, rounds):
    ruff, off = str(build / "bin/ruff"), dict(os.environ, RUFF_JIT_CACHE="off")
    text = (ROOT / "suites/suite.yaml").read_text()
    sizes = re.findall(r"- name: (\w+)\n(?:(?!- name:).*\n)*?\s+sizes: \{.*default: (\d+)", text)
    print("\nwarm-up: ms an iteration at the end, bar 1.03 of --vm; ms lost until then")
    print(f"{'program':16} {'vm':>8} {'jit':>8} {'ratio':>7} {'lost':>7} {'compiled':>9} {'again':>6} {'entered':>9}")
    ratios = []
    for name, size in sizes:
        vm, jit, lost, made = [], [], [], {}
        for _ in range(rounds):
            for mode, ends in (("--vm", vm), ("--jit", jit)):
                command = [ruff, "run", mode, "--counters", str(ROOT / f"suites/ruff/{name}.ruff"), size, "1", "1000"]
                times, counted = iterations(command + ["1500" if mode == "--jit" else "500"], off)
                ends.append(statistics.median(times[len(times) // 2:]))
                if mode == "--jit":
                    made = counted
                    lost.append(sum(t - ends[-1] for t in times[:len(times) // 2]))
        ratios.append((statistics.median(jit) / statistics.median(vm), name))
        print(f"{name:16} {statistics.median(vm):8.2f} {statistics.median(jit):8.2f} {ratios[-1][0]:7.3f} "
              f"{statistics.median(lost):7.0f} {made.get('compiled', 0):9} {made.get('recompiled', 0):6} {made.get('entered', 0):9}",
              flush=True)
    slower = [f"{name} {ratio:.3f}" for ratio, name in sorted(ratios, reverse=True) if ratio > 1.03]
    print("slower than 1.03 of the VM: " + (", ".join(slower) or "none"))
