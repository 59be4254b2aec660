"""Writes ruff.1 and ruffbench.1 from what the programs say of themselves: their --help comes from the tables that parse
commands and options, so a page can neither lack an option nor keep one that is gone.

usage: pages.py BIN_DIRECTORY           print what is stale, and fail when something is
       pages.py BIN_DIRECTORY --write   write the pages
"""
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
HEADING = re.compile(r"^([A-Z][A-Za-z ,]*):$")

PAGES = {
    "ruff": {
        "about": "the Ruff language: run, check, test, format and profile programs",
        "text": ["Runs programs of the Ruff language in an interpreter, a bytecode VM or a VM with a JIT, and holds the tools "
                 "around them. A file by itself is run."],
        "files": [("~/.cache/ruff/jit", "native code of the programs that were run, for their next run; may be removed at any time")],
        "environment": [("RUFF_JIT_CACHE", "off: native code is not kept; ro: it is used and never written; ro:FOLDER, FOLDER: it "
                                           "is kept there"),
                        ("RUFF_JIT", "off: the VM alone, also where --jit is given"),
                        ("DISABLE_JIT", "any value: never use the JIT")],
        "see": ["ruffbench (1)"],
    },
    "ruffbench": {
        "about": "compare languages and their engines on the same work",
        "text": ["Runs each benchmark in every chosen language, every variant once per block in balanced random order and in a "
                 "process of its own; verifies each answer, stores every sample, and prints ratios with intervals and verdicts."],
        "files": [("suites/suite.yaml", "what is measured"),
                  ("suites/languages/NAME.yaml", "how a language is found, built and run"),
                  (".ruffbench/ruffbench.db", "the results, an SQLite database; the views v_runs, v_latest, v_compare and "
                                              "v_history are stable")],
        "environment": [("RUFFBENCH_DB", "the results database, where --db is not given"),
                        ("NO_COLOR", "no colour"),
                        ("COLUMNS", "columns to print, where --width is not given"),
                        ("GITHUB_STEP_SUMMARY", "where `check --github` appends its table")],
        "see": ["ruff (1)"],
    },
}


def help_of(program, *words):
    done = subprocess.run([program, *words, "--help"], capture_output=True, text=True, check=True,
                          env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1"})
    return done.stdout


def sections(text):
    """Lines of a help text by heading; what stands before the first one is under ""."""
    found, name = {"": []}, ""
    for line in text.splitlines():
        heading = HEADING.match(line)
        if heading:
            name = heading.group(1)
            found[name] = []
        else:
            found[name].append(line)
    return found


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in (".", "'") else text


def entries(lines):
    """(term, meaning) of an option list or a command list; continuation lines are deeper indented."""
    found = []
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if not line.strip():
            if found:
                break
        elif indent <= 6 and (line.lstrip().startswith("-") or indent == 2):
            parts = re.split(r" {2,}", line.strip(), maxsplit=1)
            if len(parts) == 1:  # the term is as wide as its column
                match = re.match(r"(\S+(?: [A-Z|a-z]+)?) (.*)", line.strip())
                parts = list(match.groups()) if match else [line.strip(), ""]
            found.append([parts[0], parts[1]])
        elif found:
            found[-1][1] += " " + line.strip()
    return found


def paragraphs(lines):
    text = "\n".join(lines).strip()
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]


def put_entries(out, found):
    for term, meaning in found:
        out += [".TP", f"\\fB{roff(term)}\\fR", roff(meaning)]


def put_examples(out, lines):
    commands = [line.strip() for line in lines if line.strip()]
    if commands:
        out += [".PP", "Examples:", ".nf", ".RS"] + [roff(line) for line in commands] + [".RE", ".fi"]


def put_command(out, program, name):
    text = sections(help_of(program, name))
    usage, *about = [part for part in paragraphs(text[""])]
    out += [f".SS \"{roff(usage.removeprefix('Usage: '))}\""]
    for part in about:
        out += [".PP", roff(part)]
    put_entries(out, [entry for entry in entries(text.get("Options", [])) if "--help" not in entry[0]])
    rest = text.get("Options", [])
    tail = paragraphs(rest[rest.index(""):]) if "" in rest else []
    for part in tail:
        out += [".PP", roff(part)]
    put_examples(out, text.get("Examples", text.get("Example", [])))


def page(bin_directory, name):
    program, facts = bin_directory / name, PAGES[name]
    overview = sections(help_of(program))
    commands = entries(overview["Commands"])
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    out = [f".TH {name.upper()} 1 \"\" \"{name} {version}\" \"User Commands\"", ".SH NAME", f"{name} \\- {roff(facts['about'])}",
           ".SH SYNOPSIS"]
    usage = [line.replace("Usage:", "      ").strip() for line in overview[""] if line.startswith(("Usage:", "       "))]
    for line in usage:
        out += [f".B {roff(line)}", ".br"]
    out += [".SH DESCRIPTION"] + [roff(part) for part in facts["text"]]
    out += [".SH COMMANDS"]
    put_entries(out, commands)
    options = overview.get("Options of every command", overview.get("Options", []))
    out += [".SH OPTIONS OF EVERY COMMAND" if name == "ruffbench" else ".SH OPTIONS"]
    put_entries(out, entries(options))
    out += [".SH COMMANDS IN DETAIL"]
    for command, _ in commands:
        put_command(out, program, command)
    codes = overview.get("Exit codes, the first that applies", [])
    if codes:
        out += [".SH EXIT STATUS", "The first that applies:"]
        put_entries(out, [line.split(None, 1) for line in codes if line.strip()])
    for title, key in (("FILES", "files"), ("ENVIRONMENT", "environment")):
        if facts[key]:
            out += [f".SH {title}"]
            put_entries(out, facts[key])
    out += [".SH SEE ALSO"] + [f".BR {entry}" for entry in facts["see"]]
    return "\n".join(out) + "\n"


def main():
    bin_directory = Path(sys.argv[1]).resolve()
    stale = []
    for name in PAGES:
        text, path = page(bin_directory, name), HERE / f"{name}.1"
        if "--write" in sys.argv:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            stale.append(path.name)
    if stale:
        sys.exit(f"stale: {', '.join(stale)}; write anew with `python3 docs/man/pages.py BUILD/bin --write`")


if __name__ == "__main__":
    main()
