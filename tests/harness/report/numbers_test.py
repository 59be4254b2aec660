"""Terminal, Markdown, JSON, CSV and HTML say the same numbers about the newest published database.

usage: numbers_test.py RUFFBENCH PROJECT
"""
import contextlib
import csv
import html
import io
import json
import math
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

UNITS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}


def three_digits(value):
    """As people read them: three significant digits, whole from 100 on."""
    magnitude = math.floor(math.log10(abs(value))) if value else 0
    if value and abs(value) / 10 ** magnitude >= 9.995:
        magnitude += 1
    return f"{value:.{max(2 - magnitude, 0)}f}"


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def markdown_tables(text):
    tables, name = {}, None
    for line in text.splitlines():
        if line.startswith("### "):
            name = line[4:]
            tables[name] = {}
        elif line.startswith("| ") and name and not line.startswith(("|  |", "| ---")):
            row = cells(line)
            tables[name][row[0].split(" ")[0]] = row
    return tables


def terminal_tables(text):
    tables, name, unit = {}, None, None
    for line in text.splitlines():
        heading = re.match(r"(\S+)  (\S[^=]*)=(\d+)  ", line)
        if heading:
            name = f"{heading[1]}, {heading[2]} = {heading[3]}"
            tables[name] = (None, {}, {})
        columns = re.match(r"(ns|us|ms|s) +steady ", line)
        if columns and name:
            tables[name] = (columns[1], {}, {})
            continue
        if name and tables[name][0] and re.match(r"\S+ .*\d", line):
            words = line.split()
            tables[name][2].setdefault(words[0], words[2:])
            tables[name][1].setdefault(words[0], words[1 if words[0].startswith("ruff") else 2])  # behind a version
        elif not line.strip() and name and tables[name][1]:
            name = None
    return tables


def page_tables(text):
    """Rows of each benchmark's card."""
    tables = {}
    for card in re.findall(r"<article class='card bench'.*?</article>", text, re.S):
        subtitle = re.search(r"<p>(\S+, .*? = \d+),", card)  # none where there is no figure
        name = subtitle[1] if subtitle else re.search('data-bench="(.*?)"', card)[1]
        rows = [[html.unescape(re.sub("<.*?>", "", cell)) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
                for row in re.findall(r"<tr>(<td.*?)</tr>", card, re.S)]
        tables[html.unescape(name)] = {row[0].split(" ")[0]: row for row in rows}
    return tables


def check_session(run, number, problems):
    stored = f"@{number}"
    document = json.loads(run("compare", "--stored", stored, "--json"))
    rows_csv = {}
    for row in csv.DictReader(io.StringIO(run("compare", "--stored", stored, "--csv"))):
        if row["phase"] == "steady":
            rows_csv[row["benchmark"], row["size"], row["label"]] = row
    markdown = markdown_tables(run("compare", "--stored", stored, "--md"))
    terminal = terminal_tables(run("compare", "--stored", stored, "--width", "300"))
    page = page_tables(run("report", "html", "--stored", stored))
    checked = 0
    for table in document["tables"]:
        names = [n for n in markdown if n.startswith(f"{table['benchmark']}, ") and n.endswith(f" = {table['size']}")]
        if not names:
            problems.append(f"{table['benchmark']}: not in Markdown")
            continue
        name = names[0]
        for row in table["rows"]:
            if row["steady"]["status"] != "ok":
                continue
            where = f"session {number}, {name}, {row['label']}"
            median, ratio = row["steady"]["median_ns"], row.get("ratio") or {}
            want = {"csv": rows_csv[table["benchmark"], str(table["size"]), row["label"]]["median"]}
            if abs(float(want["csv"]) - median) > 1e-9 * median:
                problems.append(f"{where}: CSV says {want['csv']}, JSON {median}")
            ms = three_digits(median / 1e6)
            found = markdown[name][row["label"]]
            if found[1] != ms:
                problems.append(f"{where}: Markdown says {found[1]} ms, JSON {ms}")
            cell = page.get(name, page.get(table["benchmark"], {})).get(row["label"], ["", ""])
            if cell[1] != ms:
                problems.append(f"{where}: the page says {cell[1]} ms, JSON {ms}")
            unit, lines, ratios = terminal[name]
            if lines.get(row["label"]) != three_digits(median / UNITS[unit]):
                problems.append(f"{where}: the terminal says {lines.get(row['label'])} {unit}, JSON {median} ns")
            if "low" in ratio and three_digits(ratio["ratio"]) not in ratios.get(row["label"], []):
                problems.append(f"{where}: the terminal lacks the ratio {three_digits(ratio['ratio'])}")
            if "low" in ratio:
                text = f"{three_digits(ratio['ratio'])} [{three_digits(ratio['low'])}, {three_digits(ratio['high'])}]"
                for place, texts in (("Markdown", found), ("the page", cell)):
                    if text not in texts:
                        problems.append(f"{where}: {place} lacks {text}: {texts}")
                exact = rows_csv[table["benchmark"], str(table["size"]), row["label"]]["ratio"]
                if abs(float(exact) - ratio["ratio"]) > 1e-9 * ratio["ratio"]:
                    problems.append(f"{where}: CSV says ratio {exact}, JSON {ratio['ratio']}")
            checked += 1
    return checked


def main():
    program, project = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2])
    published = sorted(project.glob("reports/*/results.db"))
    if not published:
        print("skipped: nothing is published in reports/")
        sys.exit(77)
    problems, checked = [], 0
    with tempfile.TemporaryDirectory() as folder:
        database = pathlib.Path(folder) / "results.db"
        shutil.copy(published[-1], database)

        def run(*words):
            options = ["--no-chart"] if words[0] == "compare" else []
            done = subprocess.run([program, *words, *options, "--db", str(database)], cwd=project, text=True,
                                  capture_output=True)
            if done.returncode not in (0, 4):
                sys.exit(f"{' '.join(words)}: exit code {done.returncode}\n{done.stderr}")
            return done.stdout

        with contextlib.closing(sqlite3.connect(database)) as db:
            sessions = [number for (number,) in db.execute("SELECT id FROM session ORDER BY id")]
        for number in sessions:
            checked += check_session(run, number, problems)
    print("\n".join(problems[:40]))
    print(f"{checked} rows, {len(problems)} differences")
    sys.exit(1 if problems or not checked else 0)


main()
