"""Lines covered by the tests of a build with RUFF_COVERAGE=ON, a line for each room; what each file lacks goes to
BUILD/lines.csv and, line by line, to BUILD/lines_missed.txt.

usage: coverage.py BUILD [ROOM...]

gcov's own JSON is read: a source that several programs compile in different ways is one file here, and a line of it is
covered if any of them ran it.
"""
import collections
import json
import pathlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

root = pathlib.Path(__file__).resolve().parent.parent
ROOMS = ("interp", "sched", "syntax", "value", "vm")


def read(build, data):
    """The files of one object: path below runtime/, lines with their counts."""
    done = subprocess.run(["gcov", "--json-format", "--stdout", str(data)], cwd=build, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"gcov: {data}: {done.stderr.decode(errors='replace').strip()}")
    for text in done.stdout.splitlines():
        report = json.loads(text)
        for file in report["files"]:
            path = (pathlib.Path(report["current_working_directory"]) / file["file"]).resolve()
            if path.is_relative_to(root / "runtime"):
                yield path.relative_to(root / "runtime"), [(line["line_number"], line["count"]) for line in file["lines"]]


def main():
    build, rooms = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:] or ROOMS
    counts = collections.defaultdict(lambda: collections.defaultdict(int))
    with ThreadPoolExecutor(2) as pool:
        for files in pool.map(lambda data: list(read(build, data)), sorted(build.rglob("*.gcda"))):
            for path, lines in files:
                if path.parts[0] in rooms and path.suffix == ".c":
                    for number, count in lines:
                        counts[path][number] += count
    if not counts:
        sys.exit(f"{build}: no test has run in a build with RUFF_COVERAGE=ON")
    with (build / "lines.csv").open("w") as table, (build / "lines_missed.txt").open("w") as missed:
        print("file,lines,covered", file=table)
        for path in sorted(counts):
            lines = counts[path]
            print(f"{path},{len(lines)},{sum(map(bool, lines.values()))}", file=table)
            text = (root / "runtime" / path).read_text().splitlines()
            for number in sorted(n for n in lines if not lines[n]):
                print(f"{path}:{number}: {text[number - 1]}", file=missed)
    for room in rooms:
        lines = [count for path in counts if path.parts[0] == room for count in counts[path].values()]
        if lines:
            covered = sum(map(bool, lines))
            print(f"{room:8} {covered:5} of {len(lines):5} lines  {100 * covered / len(lines):5.1f} %")


main()
