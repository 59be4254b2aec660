"""profile_languages.py RUFFBENCH RUFF_BUILD SUITE_ROOT: profiles of one benchmark in every language that is installed, kept in the
database of ruffbench, found again by `diff --profile` and by `ruff profile`."""
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

ruffbench, build, root = (os.path.abspath(word) for word in sys.argv[1:4])
folder = pathlib.Path(tempfile.mkdtemp(prefix="ruffbench-profile-"))
project = folder / "project"
database = folder / "results.db"
environment = {**os.environ, "NO_COLOR": "1"}


def git(*words):
    subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@t", *words], cwd=project, check=True, capture_output=True)


def run(*words, code=0):
    done = subprocess.run([ruffbench, *words, "--db", str(database), "--build", build], cwd=project, capture_output=True, text=True,
                          env=environment, timeout=600)
    assert done.returncode == code, f"{words}: exit {done.returncode}, expected {code}\n{done.stdout}{done.stderr}"
    return done


# A project of its own, so that commits can be made.
shutil.copytree(f"{root}/suites", project / "suites", ignore=shutil.ignore_patterns("__pycache__"))
(project / ".gitignore").write_text("__pycache__/\n")  # written by the profiled Python: not a change of the commit
git("init", "-q", "-b", "main")
git("add", "-A")
git("commit", "-q", "-m", "before")

assert "name a benchmark" in run("profile", code=2).stderr
assert "@1" not in run("profile", "fibonacci@ruff:vm", "--budget", "50ms").stderr, "no session yet"
run("run", "fibonacci@ruff:vm", "--blocks", "1", "--budget", "20ms", "-q")
seen = ["ruff"]
languages = {"python": "python3", "go": "go", "node": "node"}
for language, tool in languages.items():
    if shutil.which(tool):
        seen.append(language)
    else:
        print(f"not tried: {tool} is not installed")
done = run("profile", "fibonacci", "--langs", ",".join(seen), "--modes", "vm,jit", "--budget", "1s")
print(done.stdout)
for language in seen:
    assert re.search(rf"\b{language}[: ]", done.stdout), f"{language} is not shown:\n{done.stdout}{done.stderr}"
assert "kept with session @1" in done.stderr, done.stderr
assert len(re.findall(r"\d+\.\d (?:main\.)?fib", done.stdout)) >= len(seen) - 1, "the recursive function is on top everywhere"

# One variant to files.
run("profile", "fibonacci@ruff:vm", "--budget", "500ms", "--flamegraph", str(folder / "f.html"), "--folded", str(folder / "f.txt"), "--speedscope",
    str(folder / "f.json"))
assert (folder / "f.html").stat().st_size > 10000 and ";" in (folder / "f.txt").read_text()
assert json.loads((folder / "f.json").read_text())["profiles"]
run("profile", "fibonacci", "--flamegraph", str(folder / "f.html"), code=2)

# The ruff program reads the same tables.
ruff = f"{build}/bin/ruff"
rows = json.loads(subprocess.run([ruff, "profile", "list", "--db", str(database), "--json"], check=True, capture_output=True, text=True).stdout)
assert {row["label"] for row in rows["profiles"]} >= {"fibonacci/default@ruff:vm", "fibonacci/default@ruff:jit"}
subprocess.run([ruff, "profile", "show", "latest", "--db", str(database)], check=True, capture_output=True)

# A slower commit: what moved is attached to the difference.
source = project / "suites/ruff/fibonacci.ruff"
text = source.read_text()
run("profile", "fibonacci@ruff:vm", "--budget", "500ms", "--blocks", "2")
source.write_text("func waste(n) {\n    total := 0\n    for i in range(n) { total += i }\n    return total\n}\n\n" +
                  re.sub(r"(func fib\w*\((\w+)\) \{)", r"\1\n    waste(5)", text, count=1))
assert "waste(5)" in source.read_text(), text
git("commit", "-q", "-a", "-m", "after")
run("run", "fibonacci@ruff:vm", "--blocks", "1", "--budget", "20ms", "-q")
run("profile", "fibonacci@ruff:vm", "--budget", "500ms", "--blocks", "2")
moved = run("diff", "@1", "@2", "--profile", "--force").stdout
assert re.search(r"\+ waste \(fibonacci\.ruff:\d+\).*new", moved), moved
assert "unresolved 0 %" in moved and "variance between runs" in moved, moved
pictures = run("chart", "flame-diff", "fibonacci@ruff:vm", "--dir", str(folder / "moves"), "--term", "png")
assert "flame graphs are SVG" in pictures.stderr, pictures.stderr
(picture,) = (folder / "moves").glob("*.svg")
assert "waste" in picture.read_text() and str(folder) not in picture.read_text(), "the new function is named, no place of this machine is"
assert re.search(r"^.*waste.* \d+ \d+$", picture.with_suffix(".folded").read_text(), re.M)
assert re.match(r"\w+ (gains|loses) ", run("chart", "flame-diff", "fibonacci@ruff:vm", "--term", "text").stdout)
document = json.loads(run("diff", "@1", "@2", "--profile", "--force", "--json").stdout)
(vm,) = [it for it in document["profiles"] if it["label"] == "fibonacci/default@ruff:vm"]
assert any(row["function"] == "waste" and row["before_ns"] == 0 and row["after_ns"] > 0 for row in vm["functions"]) and vm["unresolved"] == 0
assert "no profiles of both sides" in run("diff", "@1@go", "@2@go", "--profile", "--force").stdout

# Profiles go where their sessions go, once.
merged = folder / "merged.db"
for expected in (True, False):
    done = subprocess.run([ruffbench, "merge", str(database), "--db", str(merged)], cwd=project, capture_output=True, text=True, check=True)
    assert ("profiles" in done.stdout) == expected, done.stdout
again = subprocess.run([ruffbench, "diff", "@1", "@2", "--profile", "--force", "--db", str(merged), "--build", build], cwd=project,
                       capture_output=True, text=True, check=True, env=environment).stdout
assert again == moved, "the same profiles give the same answer"

# The gate explains what got slower: a candidate that walks the tree instead of running the VM.
slow = folder / "slow/bin"
slow.mkdir(parents=True)
(slow / "ruff").write_text(f"""#!/bin/sh
for word; do
    shift
    [ "$word" = --vm ] && word=--interpreter
    set -- "$@" "$word"
done
exec {build}/bin/ruff "$@"
""")
(slow / "ruff").chmod(0o755)
gate = run("check", "fibonacci@ruff:vm", "--base", build, "--candidate", str(slow.parent), "--sizes", "20", "--quick", "--retries", "0",
           "--profile", "--budget", "20ms", code=1).stdout
assert "fibonacci/small@ruff:vm" in gate and "COUNTED" in gate and "unresolved" in gate, gate

# A profiled process is never a timed one.
run("compare", "fibonacci/small@ruff:vm", "--profile", "--quick", "--no-chart")
rows = sqlite3.connect(database)
timed, profiled = rows.execute("SELECT count(*), sum(profiled) FROM invocation").fetchone()
assert timed and profiled == 0 and rows.execute("SELECT count(*) FROM profile").fetchone()[0] > 0
rows.close()
shutil.rmtree(folder)
print("profiles of", ", ".join(seen), "are kept and compared")
