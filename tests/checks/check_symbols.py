"""The shared library exports ruff_ names only, and all that the public headers declare."""
import pathlib
import re
import subprocess
import sys

root, library = pathlib.Path(sys.argv[1]), sys.argv[2]
listing = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout
exported = {line.split()[2] for line in listing.splitlines() if len(line.split()) == 3 and line.split()[1] in "TDBR"}
declared = set()
for header in (root / "runtime/include/ruff").glob("*.h"):
    declared |= set(re.findall(r"RUFF_API[^;{]*?\b(ruff_\w+)\(", header.read_text()))
foreign = sorted(name for name in exported if not name.startswith("ruff_"))
absent = sorted(declared - exported)
undeclared = sorted(name for name in exported - declared if name.startswith("ruff_"))
for label, names in (("exported but not ruff_", foreign), ("declared but not exported", absent),
                     ("exported but not declared", undeclared)):
    for name in names:
        print(f"{label}: {name}")
print(f"{len(exported)} symbols exported")
sys.exit(1 if foreign or absent or undeclared or not exported else 0)
