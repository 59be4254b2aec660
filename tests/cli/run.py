"""Command-line tests: every NAME.sh runs in an empty folder and must give what the files beside it say.

NAME.stdout.exact, NAME.stderr.exact: the whole text; NAME.stdout.glob, NAME.stderr.glob: a pattern a line (fnmatch);
NAME.exit: the exit code.  Missing files mean silence and 0.  The script finds $RUFF, $RUFFBENCH, $SUITES and $HERE
(its own folder).

usage: run.py BIN_DIR ROOT [--bless] [FILTER...]
"""
import fnmatch
import os
import pathlib
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

here = pathlib.Path(__file__).resolve().parent
TIMEOUT = 120


def run(script, bin_dir, root):
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "LANG": "C.UTF-8", "TZ": "UTC",
                       "RUFF_JIT_CACHE": "off",
                       "RUFF": str(bin_dir / "ruff"), "RUFFBENCH": str(bin_dir / "ruffbench"),
                       "SUITES": str(root / "suites"), "HERE": str(script.parent)}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
            if name in os.environ:
                environment[name] = os.environ[name]
        try:
            done = subprocess.run(["sh", "-u", str(script)], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            return "", f"no end after {TIMEOUT} s\n", -1
    errors = done.stderr.decode(errors="replace").replace("JIT: unavailable (not in this build)\n", "")  # said to each --jit
    return done.stdout.decode(errors="replace"), errors, done.returncode


def matches(script, stream, got):
    exact, pattern = script.with_suffix(f".{stream}.exact"), script.with_suffix(f".{stream}.glob")
    if pattern.exists():
        wanted, lines = pattern.read_text().splitlines(), got.splitlines()
        return len(wanted) == len(lines) and all(fnmatch.fnmatchcase(g, w) for g, w in zip(lines, wanted))
    return got == (exact.read_text() if exact.exists() else "")


def bless(script, got):
    for stream, text in zip(("stdout", "stderr"), got):
        if script.with_suffix(f".{stream}.glob").exists():
            continue
        path = script.with_suffix(f".{stream}.exact")
        path.write_text(text) if text else path.unlink(missing_ok=True)
    path = script.with_suffix(".exit")
    path.write_text(f"{got[2]}\n") if got[2] else path.unlink(missing_ok=True)


def check(script, bin_dir, root, blessing):
    got = run(script, bin_dir, root)
    if blessing:
        bless(script, got)
    exit_file = script.with_suffix(".exit")
    code = int(exit_file.read_text()) if exit_file.exists() else 0
    name = script.relative_to(here)
    problems = [f"FAIL {name}: {stream} differs, got:\n{text}" for stream, text in zip(("stdout", "stderr"), got)
                if not matches(script, stream, text)]
    if got[2] != code:
        problems.append(f"FAIL {name}: exit {got[2]}, expected {code}\n{got[1]}")
    return problems


def main():
    arguments = [a for a in sys.argv[1:] if a != "--bless"]
    bin_dir, root, filters = pathlib.Path(arguments[0]).resolve(), pathlib.Path(arguments[1]).resolve(), arguments[2:]
    scripts = [s for s in sorted(here.rglob("*.sh"))
               if not filters or any(f in str(s.relative_to(here)) for f in filters)]
    failures = []
    with ThreadPoolExecutor(2) as pool:
        for problems in pool.map(lambda s: check(s, bin_dir, root, "--bless" in sys.argv), scripts):
            failures += problems
    print("\n".join(failures))
    failed = len({f.split(":")[0] for f in failures})
    print(f"{len(scripts)} scripts: {len(scripts) - failed} passed, {failed} failed")
    sys.exit(1 if failures or not scripts else 0)


main()
