"""What native code costs those that do not need it, and how soon others have it."""
import os
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

# Under 20 ms in the VM: nothing to gain, nothing to lose.
SHORT = {
    "empty": "",
    "print": 'print("hello")\n',
    "loop 1 ms": "s := 0\nfor i in range(0, 40000) { s = s + i % 7 }\nprint(s)\n",
    "calls 5 ms": "func fib(n) { if n < 2 { return n } return fib(n - 1) + fib(n - 2) }\nprint(fib(20))\n",
    "dicts 10 ms": 'd := {}\nfor i in range(0, 30000) { k := "k${i % 97}"  d[k] = i }\nprint(len(d))\n',
    "arrays 15 ms": "xs := []\nfor i in range(0, 100000) { push(xs, i * 3 % 1009) }\ns := 0\nfor x in xs { s = s + x }\n"
                    "print(s)\n",
}
# Long enough that native code pays, too short to hide what it costs.
LONGER = {
    "loop": "s := 0\nfor i in range(0, 6000000) { s = s + i % 7 }\nprint(s)\n",
    "calls": "func fib(n) { if n < 2 { return n } return fib(n - 1) + fib(n - 2) }\nprint(fib(27))\n",
    "strings": 't := 0\nfor i in range(0, 200000) { t = t + len("a${i}b".upper()) }\nprint(t)\n',
    "many functions": "".join(f"func f{i}(n) {{ s := {i} for k in range(0, n) {{ s = s + k * {i} }} return s }}\n"
                              for i in range(30))
                      + "t := 0\nfor r in range(0, 400) {\n"
                      + "".join(f"    t = t + f{i}(100)\n" for i in range(30)) + "}\nprint(t)\n",
}


def cost(command, environment):
    """Seconds of processor time of the command and of what it started and waited for."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{error.decode()}")
    return usage.ru_utime + usage.ru_stime


def compare(ways, rounds):
    """The least processor time of each way in ms; the ways take turns."""
    least = {name: float("inf") for name in ways}
    for _ in range(rounds):
        for name, (command, environment) in ways.items():
            least[name] = min(least[name], cost(command, environment))
    return {name: seconds * 1000 for name, seconds in least.items()}


def counters(command, environment):
    text = subprocess.run(command, capture_output=True, text=True, env=environment, check=True).stdout
    return {name: int(value) for name, value in re.findall(r"^@c jit\.(\w+) (\d+)$", text, re.M)}


def helper_peak(command, environment):
    """MB of the helper, seen while the program runs."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    peak = 0
    while process.poll() is None:
        for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
            try:
                found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{child}/status").read_text())
                peak = max(peak, int(found[1]) if found else 0)
            except OSError:
                pass
        time.sleep(0.002)
    return peak / 1024


def print_jit_start(build, rounds):
    ruff = str(build / "bin/ruff")
    with tempfile.TemporaryDirectory() as folder:
        off, kept = dict(os.environ, RUFF_JIT_CACHE="off"), dict(os.environ, RUFF_JIT_CACHE=f"{folder}/cache")

        def file_of(name, text):
            path = Path(folder) / f"{name.replace(' ', '_')}.ruff"
            path.write_text(text)
            return str(path)

        print("\nshort programs: processor time in ms, bar 1.03 of --vm")
        print(f"{'program':16} {'vm':>8} {'jit':>8} {'ratio':>7} {'cached':>8} {'ratio':>7}")
        for name, text in SHORT.items():
            path = file_of(name, text)
            got = compare({"vm": ([ruff, "run", "--vm", path], off), "jit": ([ruff, "run", path], off),
                           "cached": ([ruff, "run", path], kept)}, 10 * rounds)
            print(f"{name:16} {got['vm']:8.2f} {got['jit']:8.2f} {got['jit'] / got['vm']:7.3f} {got['cached']:8.2f} "
                  f"{got['cached'] / got['vm']:7.3f}")

        print("\non one processor: the same with the compiler's time, bar 1.05 of --vm")
        print(f"{'program':16} {'vm':>8} {'jit':>8} {'ratio':>7}")
        pinned = ["taskset", "-c", str(min(os.sched_getaffinity(0)))]
        for name, text in LONGER.items():
            path = file_of(name, text)
            got = compare({"vm": (pinned + [ruff, "run", "--vm", path], off),
                           "jit": (pinned + [ruff, "run", path], off)}, 2 * rounds)
            print(f"{name:16} {got['vm']:8.2f} {got['jit']:8.2f} {got['jit'] / got['vm']:7.3f}")

        print("\nfirst native code: ms from the start; a piece from the cache, bar 0.1 ms")
        path = file_of("first", LONGER["calls"].replace("27", "36"))
        cold = [counters([ruff, "run", "--counters", path], off) for _ in range(3 * rounds)]
        counters([ruff, "run", "--counters", path], kept)
        warm = [counters([ruff, "run", "--counters", path], kept) for _ in range(3 * rounds)]
        hits = [w["cache_ns"] / w["cache_hits"] for w in warm if w.get("cache_hits")]
        print(f"cold: least {min(c['first_native_ns'] for c in cold) / 1e6:.1f} ms, of that the compiler "
              f"{min(c['compile_cpu_ns'] / max(c['compiled'], 1) for c in cold) / 1e6:.1f} ms of processor time")
        if hits:
            print(f"from the cache: {min(hits) / 1e6:.3f} ms a piece (median {statistics.median(hits) / 1e6:.3f}), "
                  f"{min(w['first_native_ns'] for w in warm) / 1e6:.2f} ms after the start")
        peak = helper_peak([ruff, "run", file_of("many", LONGER["many functions"].replace("400", "60000"))], off)
        print(f"helper: {peak:.0f} MB at most, bar 80")
