"""Functions stay small: ceilings that only go down (pmccabe: modified complexity, lines)."""
import pathlib
import subprocess
import sys

COMPLEXITY, LINES, FILE_LINES = 40, 160, 1200
# The dispatch loop and switches over a whole list are long by nature; each is named with its reason.
listed = (pathlib.Path(sys.argv[1]) / "tests/checks/complexity_exceptions.txt").read_text().splitlines()
EXCEPTIONS = {line.split("#")[0].strip() for line in listed} - {""}

root = pathlib.Path(sys.argv[1])
files = [p for room in ("runtime", "harness") for p in sorted((root / room).rglob("*.c"))]
problems, seen, used = [], 0, set()
for file in files:
    count = len(file.read_text().splitlines())
    if count > FILE_LINES:
        problems.append(f"{file.relative_to(root)}: {count} lines (ceiling {FILE_LINES})")
    out = subprocess.run(["pmccabe", str(file)], capture_output=True, text=True).stdout
    for row in out.splitlines():
        parts = row.split("\t")
        if len(parts) < 6:
            continue
        complexity, lines, name = int(parts[0]), int(parts[4]), parts[5].split(": ")[-1]
        seen += 1
        if name in EXCEPTIONS:
            used.add(name)
            continue
        if complexity > COMPLEXITY or lines > LINES:
            problems.append(f"{file.relative_to(root)}: {name}: complexity {complexity}, {lines} lines")
for name in sorted(EXCEPTIONS - used):
    problems.append(f"complexity_exceptions.txt: {name} is no longer there")
print("\n".join(problems) or f"{seen} functions in {len(files)} files are within the ceilings")
sys.exit(1 if problems or seen < 100 else 0)
