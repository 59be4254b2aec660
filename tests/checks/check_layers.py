"""Every #include "room/file.h" of runtime/ and harness/ is allowed by layers.txt."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
allowed = {}
for line in (root / "tests/checks/layers.txt").read_text().splitlines():
    line = line.split("#")[0].strip()
    if line:
        room, _, rest = line.partition(":")
        allowed[room.strip()] = {room.strip(), *rest.split()}

include = re.compile(r'^\s*#\s*include\s+"([^"]+)"')
problems = []
checked = 0


def room_of_include(path, in_harness):
    first = path.split("/")[0]
    if first == "ruff":
        return "public"
    # Both have a room called report: the harness's own files come first, as for the compiler.
    is_own = in_harness and ((root / "harness" / path).exists() or path.endswith(".inc"))
    return "harness/" + first if is_own and "harness/" + first in allowed else first


for base, in_harness in ((root / "runtime", False), (root / "harness", True)):
    for file in sorted(base.rglob("*.[ch]")) + sorted(base.rglob("*.def")):
        room = file.relative_to(base).parts[0]
        if room == "include":
            continue
        room = "harness/" + room if in_harness else room
        if room not in allowed:
            problems.append(f"{file.relative_to(root)}: room {room} is not in tests/checks/layers.txt")
            continue
        for number, line in enumerate(file.read_text().splitlines(), 1):
            found = include.match(line)
            if not found:
                continue
            checked += 1
            target = room_of_include(found[1], in_harness)
            if target not in allowed[room]:
                problems.append(f"{file.relative_to(root)}:{number}: {room} may not include {found[1]}")

print("\n".join(problems) or f"{checked} includes follow the layers")
sys.exit(1 if problems or checked < 100 else 0)
