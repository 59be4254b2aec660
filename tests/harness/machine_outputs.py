"""What other programs read: every JSON document fits its schema, JUnit and SARIF have the form their readers ask for,
and what leaves the machine does not say where its files lie.

usage: machine_outputs.py RUFFBENCH FIXTURES SCHEMA_DIRECTORY
"""
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

from schema_check import check

RUFFBENCH, FIXTURES, SCHEMAS = (Path(word).resolve() for word in sys.argv[1:4])

# Schema, command line, exit code; in this order, on one database.
DOCUMENTS = [
    ("compare", "compare unknown --langs good,twin,wrong,plain,absent --blocks 6 --budget 1ms --seed 1 --json", 4),
    ("compare", "compare task --langs good,twin --blocks 6 --budget 1ms --counters --json", 0),
    ("compare", "compare task --langs built --modes plain,loud --blocks 5 --budget 1ms --json", 0),
    ("compare", "compare task --langs good,twin --schedule sequential --blocks 5 --budget 1ms --json", 0),
    ("compare", "compare task --langs good,hangs,unsteady,unbuilt --timeout 1s --blocks 2 --iters 30 --json", 4),
    ("compare", "compare --stored @1 --metric rss_peak --json", 4),
    ("export", "export @1", 0),
    ("diff", "diff @1 @2 --json", 0),
    ("diff", "diff @2@good @2@twin --json", 0),
    ("sessions", "list --sessions --json", 0),
    ("list", "list --json", 0),
    ("plan", "plan task --langs good,twin --blocks 2 --json", 0),
    ("warmup", "warmup task --langs good,unsteady --blocks 2 --json", 0),
    ("verify", "verify task --langs good,wrong,noend --json", 4),
    ("lint", "lint --fair --json", 0),
    ("doctor", "doctor --json", 0),
    ("env", "env --json", 0),
    ("env", "env @1 --json", 0),
    ("env-diff", "env diff @1 --json", 0),
    ("breakeven", "breakeven task --stored @2 --json", 0),
    ("history", "history --json", 0),
]


def run(words, directory, wanted, **variables):
    done = subprocess.run([RUFFBENCH, *words], cwd=directory, capture_output=True, text=True, env={**os.environ, **variables})
    assert done.returncode == wanted, f"{words}: exit {done.returncode}, not {wanted}\n{done.stdout}{done.stderr}"
    return done.stdout


def validate(kind, text, words):
    document = json.loads(text)
    assert document["schema"] == f"ruffbench.{kind}/1", f"{words}: is {document['schema']}"
    schema = json.loads((SCHEMAS / f"{kind}.schema.json").read_text())
    problems = list(check(document, schema, schema))
    assert not problems, f"{words}:\n" + "\n".join(problems)
    return document


def check_documents(directory, seen):
    for kind, line, code in DOCUMENTS:
        words = line.split() + ["--db", f"{directory}/results.db"]
        text = run(words, directory / "peers", code)
        document = validate(kind, text, words)
        seen.add(kind)
        if "--modes plain,loud" in line:
            (pair,) = document["tables"][0]["pairs"]
            assert {pair["first"], pair["second"]} == {"built:plain", "built:loud"} and pair["low"] <= pair["ratio"] <= pair["high"]
        if kind == "warmup":
            assert any(row["counters"].get("compiled", {}).get("most") == 3 for row in document["rows"])
        if kind == "export":
            assert str(directory) not in text and "/usr" not in text, "export: names places of this machine"


def make_history(toy):
    """Commits with a step, so that points and changes are there."""
    for i in range(16):
        (toy / "speed.alpha").write_text(f"{100 if i < 8 else 130}\n")
        (toy / "count").write_text(f"{i}\n")
        subprocess.run(["sh", "-c", f"git add -A && git commit -q -m change-{i}"], cwd=toy, check=True)
        run("run alpha --blocks 6 -q --build .".split(), toy, 0)


def check_history(toy, seen):
    make_history(toy)
    document = validate("history", run("history --detect --json".split(), toy, 0), "history")
    assert document["series"][0]["points"] and document["series"][0]["changes"]
    seen.add("history")


def check_junit(path):
    suite = xml.parse(path).getroot().find("testsuite")
    cases = suite.findall("testcase")
    assert int(suite.get("tests")) == len(cases) == 2
    for kind, attribute in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert int(suite.get(attribute)) == sum(case.find(kind) is not None for case in cases)
    for case in cases:
        assert case.get("name") and case.get("classname") and float(case.get("time")) > 0
        assert all(child.tag in ("failure", "error", "skipped") and child.get("message") for child in case)
    assert int(suite.get("failures")) == 1


def check_sarif(path):
    document = json.loads(path.read_text())
    assert document["version"] == "2.1.0" and document["$schema"].endswith("sarif-2.1.0.json")
    (one,) = document["runs"]
    rules = [rule["id"] for rule in one["tool"]["driver"]["rules"]]
    assert one["tool"]["driver"]["name"] == "ruffbench" and len(set(rules)) == len(rules)
    (result,) = one["results"]
    assert result["ruleId"] in rules and result["level"] == "error" and result["message"]["text"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "suites/toy/alpha.toy" and place["region"]["startLine"] >= 1
    assert all(isinstance(value, str) for value in result["partialFingerprints"].values())


def check_gate(directory, toy, seen):
    (toy / "speed.alpha").write_text("150\n")
    subprocess.run(["sh", "-c", "git add -A && git commit -q -m slower"], cwd=toy, check=True)
    words = ["check", "--base", "HEAD~1", "--candidate", ".", "--json", "--junit", f"{directory}/j.xml", "--sarif",
             f"{directory}/s.json"]
    validate("check", run(words, toy, 1), "check")
    seen.add("check")
    check_junit(directory / "j.xml")
    check_sarif(directory / "s.json")


def main():
    seen = set()
    with tempfile.TemporaryDirectory(prefix="ruffbench-outputs-") as name:
        directory, toy = Path(name), Path(name) / "toy"
        subprocess.run(["cp", "-r", FIXTURES / "peers", directory], check=True)
        subprocess.run([FIXTURES / "toy.sh", toy], check=True)
        check_documents(directory, seen)
        check_history(toy, seen)
        check_gate(directory, toy, seen)
    schemas = {path.name.removesuffix(".schema.json") for path in SCHEMAS.glob("*.schema.json")}
    assert schemas == seen, f"schemas without a document: {schemas - seen}; documents without a schema: {seen - schemas}"
    print(f"{len(seen)} kinds of documents fit their schemas; JUnit and SARIF are in form")


if __name__ == "__main__":
    main()
