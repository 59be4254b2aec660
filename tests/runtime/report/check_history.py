"""check_history.py RUFF: profiles are kept, listed, shown again byte by byte, compared, refused, followed and gated."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ruff = os.path.abspath(sys.argv[1])
folder = pathlib.Path(tempfile.mkdtemp(prefix="ruff-history-"))
environment = {k: v for k, v in os.environ.items() if k not in ("RUFF_PROFILE_DB", "XDG_DATA_HOME", "DISABLE_JIT")}
environment["HOME"] = str(folder)

PROGRAM = """func work(n) {
    total := 0
    for i in range(n) { total := total + i * 3 %% 7 }
    return total
}
func other(n) {
    items := []
    for i in range(n) { push(items, "item ${i}") }
    return len(items)
}
print(work(%d))
print(other(20000))
"""


def run(*arguments, code=0, cwd=folder):
    done = subprocess.run([ruff, "profile", *arguments], capture_output=True, text=True, env=environment, cwd=cwd, timeout=300)
    assert done.returncode == code, f"{arguments}: exit {done.returncode}, expected {code}\n{done.stdout}{done.stderr}"
    return done


# Nothing kept yet, nowhere to look.
assert "No such file" in run("list", code=5).stderr
assert not (folder / ".local").exists(), "asking makes no file"

program = folder / "demo.ruff"
program.write_text(PROGRAM % 1200000)
plain = subprocess.run([ruff, "run", str(program)], capture_output=True, text=True, env=environment)
for label in ("before", "before"):
    assert run("--vm", "--label", label, "demo.ruff").stdout == plain.stdout, "the program's output is its own"
kept = folder / ".local/share/ruff/profiles.db"
assert kept.exists(), "the user's data folder is the default"
report = folder / "report.txt"
done = run("--vm", "--store", "--output", str(report), "--flamegraph", str(folder / "now.html"), "demo.ruff")
assert "stored as profile 3" in done.stderr

# show: the same bytes as when it ran.
assert run("show", "3").stdout == report.read_text()
run("show", "latest", "--flamegraph", str(folder / "again.html"), "--output", os.devnull)
assert (folder / "again.html").read_bytes() == (folder / "now.html").read_bytes()
for form in ("md", "json"):
    first = run("show", "3", "--format", form).stdout
    assert first == run("show", "3", "--format", form).stdout and "work" in first

# list
rows = json.loads(run("list", "--json").stdout)["profiles"]
assert [row["id"] for row in rows] == [3, 2, 1] and rows[1]["label"] == "before" and rows[0]["engine"] == "vm"
assert "demo.ruff [before]" in run("list", "demo.ruff").stdout
assert json.loads(run("list", "--json", "nothing.ruff").stdout)["profiles"] == []

# diff: several runs behind one label; the edited program does half of the work.
program.write_text("# moved down a line\n" + PROGRAM % 300000)
for _ in range(2):
    run("--vm", "--label", "after", "demo.ruff")
text = run("diff", "before", "after", "--all", "--flamegraph", str(folder / "diff.html")).stdout
assert "before (2 runs" in text and "the variance between runs" in text, text
assert len(re.findall(r"work \(demo\.ruff:\d+\)", text)) == 1, "the moved function is one row"
assert '"diff":{"title"' in (folder / "diff.html").read_text()
moved = json.loads(run("diff", "before", "after", "--json").stdout)
work = next(row for row in moved["functions"] if row["function"] == "work")
assert work["after_ns"] < work["before_ns"] and work["before_calls"] == 1
counted = moved["counted"]["instructions"]  # none where the build is so slow that 200 ticks came first
assert counted["before"] is None or counted["after"] < counted["before"]
run("diff", "before", "after", "--flamegraph", str(folder / "diff.svg"))
run("diff", "1", "2", "--flamegraph", str(folder / "none" / "diff.svg"), code=5)

# Folded stacks add up to the CPU time of the process, as its clock says; long enough that its start is little of it.
program.write_text(PROGRAM % 24000000)
run("--interpreter", "--cpu", "--flamegraph", str(folder / "all.folded"), "--json", "--output", str(folder / "all.json"), "demo.ruff")
lines = [re.fullmatch(r"(.*) (\d+)", line) for line in (folder / "all.folded").read_text().splitlines()]
assert all(lines) and any(line[1].startswith("main (demo.ruff:") and ";" in line[1] for line in lines)
folded_ns, clock_ns = 1000 * sum(int(line[2]) for line in lines), json.loads((folder / "all.json").read_text())["run"]["cpu_ns"]
assert abs(folded_ns / clock_ns - 1) < 0.02, (folded_ns, clock_ns)
program.write_text("# moved down a line\n" + PROGRAM % 300000)

# What cannot be compared is refused with the fields named.
(folder / "else.ruff").write_text("print(1)\n")
run("--vm", "--store", "--no-memory", "else.ruff")
refused = run("diff", "1", "latest", code=1).stderr
assert "script: demo.ruff against else.ruff" in refused and "instruments: cpu+memory against cpu" in refused, refused
run("diff", "1", "latest", "--force")
run("diff", "1", "nothing", code=5)
run("diff", "1", code=2)

# Engines by line.
for engine in ("--interpreter", "--vm", "--jit-mode"):
    run(engine, "--store", "--no-memory", "demo.ruff")
lines = json.loads(run("diff", "--engines", "demo.ruff", "--json").stdout)
assert [engine["engine"] for engine in lines["engines"]] == ["interpreter", "vm", "jit"]
assert any(row["line"] == 4 and row["cpu_ns"][0] > 0 for row in lines["lines"]), lines
assert "times faster than interpreter" in run("diff", "--engines", "demo.ruff").stdout

# trend
trend = json.loads(run("trend", "demo.ruff", "--json", "--limit", "4").stdout)
assert len(trend["profiles"]) == 4 and trend["profiles"][0]["id"] < trend["profiles"][-1]["id"]
assert any(row["function"] == "work" for row in trend["functions"])
run("trend", "nothing.ruff", code=5)

# gate: what is written is kept, 20 times of 20; every broken limit is listed, exit 1.
gate = folder / "demo.gate"
program.write_text(PROGRAM % 20000)
run("--vm", "--write-gate", str(gate), "demo.ruff")
limits = gate.read_text()
assert "instructions <= " in limits and 'calls "work" <= 1\n' in limits and "\nshare" not in limits
for _ in range(20):
    run("--vm", "--gate", str(gate), "demo.ruff")
program.write_text(PROGRAM % 20001)
broken = run("--vm", "--gate", str(gate), "demo.ruff", code=1).stderr
assert re.search(r"demo\.gate:\d+: instructions is \d+, at most \d+", broken), broken
assert re.search(r'demo\.gate:\d+: instructions "work" is \d+', broken) and "limits broken" in broken
gate.write_text("allocs <= 1\nalocs <= 2\n")
assert "demo.gate:2: there is no metric 'alocs'" in run("--vm", "--gate", str(gate), "demo.ruff", code=2).stderr
assert "No such file" in run("--gate", str(folder / "none.gate"), "demo.ruff", code=2).stderr
program.write_text("print(1)\nprint(missing_name)\n")
gate.write_text("allocs <= 0\n")
failed = subprocess.run([ruff, "run", str(program)], env=environment, capture_output=True).returncode
assert failed and run("--vm", "--gate", str(gate), "demo.ruff", code=failed), "a failing program's code is its own"

# Another place; a foreign file.
run("--db", str(folder / "other.db"), "--vm", "else.ruff")
assert len(json.loads(run("list", "--db", str(folder / "other.db"), "--json").stdout)["profiles"]) == 1
(folder / "foreign.db").write_text("no database at all, but long enough to be taken for one" * 20)
assert "database" in run("list", "--db", str(folder / "foreign.db"), code=5).stderr
shutil.rmtree(folder)
print("history: ok")
