"""docs/bytecode.md says what runtime/vm/opcode.def says.

check_bytecode_doc.py ROOT [--write]
"""
import re
import sys
from pathlib import Path

INTRODUCTION = """# The instruction set of the VM

Made from `runtime/vm/opcode.def` by `python3 tests/checks/check_bytecode_doc.py . --write`. `ruff dump --bytecode FILE` shows
the instructions of a program, `ruff dump --feedback FILE` also what passed through them.

An instruction has eight bytes: the opcode and the fields a, b and c of 16 bits each, b and c together a signed number in
some. R are the registers of the frame, first the locals, then temporaries; K are the constants of the function.

What a field holds (`NUM` and `COUNT` are plain numbers, kinds that end in 32 take b and c):

"""
EFFECTS = {"PURE": "cannot raise", "RAISES": "may raise", "CALL": "may raise or run other code", "GOES": "goes elsewhere",
           "ENDS": "leaves the function or raises"}


def operand_kinds(header):
    kinds = re.findall(r"^    RF_OPERAND_(\w+),?[ ]*(?:/\* (.*?) \*/)?$", header, re.M)
    return [(name, meaning) for name, meaning in kinds if meaning and name not in ("NONE", "WIDE")]


def fields(operands):
    named = [f"{letter} {kind}" for letter, kind in zip("abc", operands) if kind not in ("NONE", "WIDE")]
    return ", ".join(named)


def document(root):
    header = (root / "runtime/vm/opcode.h").read_text()
    text = INTRODUCTION
    for name, meaning in operand_kinds(header):
        text += f"- `{name}`: {meaning}\n"
    listing = (root / "runtime/vm/opcode.def").read_text().split("*/", 1)[1]
    line = re.compile(r'/\* ---- (.*?)(?: ----)? \*/|'
                      r'^RF_OP\((\w+), (\w+), (\w+), (\w+), (\w+), "([^\n]*)"\)$', re.M | re.S)
    rows = 0
    for match in line.finditer(listing):
        title = match[1]
        if title:
            title = re.sub(r"\s+\*?\s*", " ", title)
            head, _, rest = title.partition("; ") if "; " in title else title.partition(": ")
            text += f"\n## {head[0].upper()}{head[1:]}\n\n" + (f"{rest[0].upper()}{rest[1:]}.\n\n" if rest else "")
            text += "| instruction | fields | meaning | effect |\n| --- | --- | --- | --- |\n"
            continue
        name, effect = match[2], match[6]
        meaning = match[7].replace('\\"', '"').replace("|", "\\|")
        text += f"| `{name}` | {fields(match.group(3, 4, 5))} | {meaning} | {EFFECTS[effect]} |\n"
        rows += 1
    if rows != len(re.findall(r"^RF_OP\(", listing, re.M)):
        sys.exit("runtime/vm/opcode.def: a row that is no RF_OP(name, a, b, c, effect, \"meaning\") on one line")
    return text


def main():
    root = Path(sys.argv[1])
    path = root / "docs/bytecode.md"
    text = document(root)
    if "--write" in sys.argv[2:]:
        path.write_text(text)
    elif not path.exists() or path.read_text() != text:
        sys.exit("docs/bytecode.md is not what runtime/vm/opcode.def says: run python3 tests/checks/check_bytecode_doc.py . --write")


if __name__ == "__main__":
    main()
