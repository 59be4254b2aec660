"""Each section of LANGUAGE and each of its rulings is cited by a program of tests/lang or a script of tests/cli.

A citation is a comment: `# LANGUAGE 4.3, R5: what the test shows`, or with `//`.
A chapter without sections is cited by its number.
"""
import pathlib
import re
import sys

tests = pathlib.Path(sys.argv[1]) / "tests"
SECTIONS = {1: 3, 2: 9, 3: 6, 4: 8, 5: 10, 6: 11, 7: 9, 8: 4, 9: 7, 10: 4, 11: 4, 12: 6, 13: 5, 14: 5, 15: 0, 16: 0, 17: 4,
            18: 11, 19: 0, 20: 2, 21: 4, 22: 0}  # chapter: how many sections it has
RULINGS = 58

wanted = {f"{chapter}.{n}" if count else str(chapter) for chapter, count in SECTIONS.items() for n in range(1, count + 1 if count else 2)}
wanted |= {f"R{n}" for n in range(1, RULINGS + 1)}
cited = set()
for file in [*tests.glob("lang/**/*.ruff"), *tests.glob("cli/**/*.sh")]:
    for line in re.findall(r"(?:#|//).*?LANGUAGE (.*)", file.read_text(errors="replace")):
        head = line.split(":")[0]
        cited |= set(re.findall(r"\bR?\d+(?:\.\d+)?", head))
unknown = sorted(c for c in cited if c not in wanted and not (c.isdigit() and int(c) in SECTIONS))
for what in sorted(wanted - cited):
    print(f"LANGUAGE {what} is cited by no test")
for what in unknown:
    print(f"LANGUAGE {what} is cited but is no section")
print(f"{len(wanted)} sections and rulings, {len(wanted - cited)} without a test")
sys.exit(bool(wanted - cited or unknown))
