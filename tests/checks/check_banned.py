"""Calls that lead to trouble are not made: unbounded copies, hidden state, malloc outside base/alloc.c."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
banned = re.compile(r"\b(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|atof|gets|tmpnam|mktemp|setjmp|longjmp|alloca)\s*\(")
memory = re.compile(r"\b(malloc|calloc|realloc|free)\s*\(")
words = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
machine_path = re.compile(r"/(work|home|root)/[a-z]")


def code_only(text):
    """Comments and string contents blanked, line structure kept."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match[0])
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', blank, text, flags=re.S)


problems = []
files = [p for room in ("runtime", "harness") for p in sorted((root / room).rglob("*.[ch]"))]
for file in files:
    text = file.read_text()
    name = file.relative_to(root)
    for number, line in enumerate(code_only(text).splitlines(), 1):
        for found in banned.finditer(line):
            problems.append(f"{name}:{number}: {found[1]}() is banned")
        if name.as_posix() != "runtime/base/alloc.c":
            for found in memory.finditer(line):
                if not re.search(r"(->|\.)\s*$", line[:found.start()]):
                    problems.append(f"{name}:{number}: {found[1]}() belongs to base/alloc.c")
    for number, line in enumerate(text.splitlines(), 1):
        if words.search(line):
            problems.append(f"{name}:{number}: {line.strip()}")
        if machine_path.search(line):
            problems.append(f"{name}:{number}: machine path: {line.strip()}")
print("\n".join(problems) or f"{len(files)} files are clean")
sys.exit(1 if problems or not files else 0)
