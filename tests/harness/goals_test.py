"""docs/harness-goals.md names every goal once, and only tests that exist.

usage: goals_test.py REPOSITORY BUILD_DIRECTORY CTEST
"""
import re
import subprocess
import sys
from pathlib import Path

root, build, ctest = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
text = (root / "docs/harness-goals.md").read_text()
ids = re.findall(r"^\| (G\d\d) \|", text, re.M)
assert sorted(ids) == [f"G{i:02}" for i in range(1, 58)], f"missing or twice: {set(ids)}"

known = set(re.findall(r": (\S+)$", subprocess.run([ctest, "--test-dir", build, "-N"], check=True, capture_output=True, text=True).stdout, re.M))
named = set(re.findall(r"`((?:harness|suites|docs)\.[a-z_.]+)`", text))
assert named <= known, f"no such test: {sorted(named - known)}"

sources = "\n".join(path.read_text() for path in (root / "tests/harness").rglob("test_*.c"))
functions = set(re.findall(r"\b([a-z_0-9]{12,})(?:\.\.\.|(?= \|)|(?=,))", " ".join(re.findall(r"/ ([a-z_0-9., ]+ \|)", text))))
absent = [name for name in functions if not re.search(rf"static void {name}", sources)]
assert functions and not absent, f"no such function: {absent}"
print(f"{len(ids)} goals, {len(named)} tests, {len(functions)} functions named")
