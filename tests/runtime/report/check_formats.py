"""check_formats.py DUMP_PROFILE WHAT: the files say what their formats' documents ask for.

WHAT: speedscope, firefox, cpuprofile (rules written down here), pprof (go tool pprof), node (the JSON files as node reads
them).  Exit 77: the tool is not installed."""
import gzip
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

dump, what = sys.argv[1], sys.argv[2]
folder = pathlib.Path(tempfile.mkdtemp(prefix="ruff-formats-"))
CPU_NS = 894_000_000


def make(name):
    subprocess.run([dump, str(folder / name)], check=True)
    return folder / name


def load(name):
    return json.loads(make(name).read_text())


def check_speedscope():
    it = load("a.json")
    assert it["$schema"] == "https://www.speedscope.app/file-format-schema.json"
    frames = it["shared"]["frames"]
    for frame in frames:
        assert set(frame) <= {"name", "file", "line", "col"} and isinstance(frame["name"], str)
        assert isinstance(frame.get("line", 1), int)
    assert {"cpu", "wall", "allocated", "live at peak"} == {p["name"] for p in it["profiles"]}
    for profile in it["profiles"]:
        assert profile["type"] == "sampled"
        assert profile["unit"] in ("none", "nanoseconds", "microseconds", "milliseconds", "seconds", "bytes")
        assert len(profile["samples"]) == len(profile["weights"]) > 0
        assert all(0 <= f < len(frames) for s in profile["samples"] for f in s)
        assert all(w > 0 for w in profile["weights"])
        assert profile["endValue"] - profile["startValue"] == sum(profile["weights"])
    assert sum(it["profiles"][0]["weights"]) == CPU_NS
    assert 0 <= it["activeProfileIndex"] < len(it["profiles"])


def check_columns(table, name, ignore=()):
    """A table's columns are all as long as it says."""
    for key, column in table.items():
        if key not in ("length", "weightType", *ignore):
            assert len(column) == table["length"], f"{name}.{key}: {len(column)} of {table['length']}"


def check_firefox():
    it = load("a.firefox.json")
    meta = it["meta"]
    assert meta["version"] == 32 and meta["preprocessedProfileVersion"] == 57
    for key in ("interval", "startTime", "processType", "product", "stackwalk", "symbolicated", "categories", "sampleUnits",
                "markerSchema", "extensions", "platform", "oscpu"):
        assert key in meta, key
    assert meta["sampleUnits"] == {"time": "ms", "eventDelay": "ms", "threadCPUDelta": "µs"}
    assert all(c["subcategories"] == ["Other"] for c in meta["categories"])
    assert it["libs"] == [] and it["pages"] == [] and it["shared"]["sources"]["length"] == 0
    strings = it["shared"]["stringArray"]
    for thread in it["threads"]:
        for key in ("name", "isMainThread", "pid", "tid", "processType", "processName", "processStartupTime",
                    "processShutdownTime", "registerTime", "unregisterTime", "pausedRanges"):
            assert key in thread, key
        assert isinstance(thread["pid"], str)
        for name in ("samples", "stackTable", "frameTable", "funcTable", "resourceTable", "nativeSymbols", "markers"):
            check_columns(thread[name], name)
        stacks, frames, funcs = thread["stackTable"], thread["frameTable"], thread["funcTable"]
        assert all(p is None or p < i for i, p in enumerate(stacks["prefix"]))
        assert all(0 <= f < frames["length"] for f in stacks["frame"])
        assert all(0 <= f < funcs["length"] for f in frames["func"])
        assert all(0 <= c < len(meta["categories"]) for c in frames["category"])
        assert set(frames["address"]) == {-1} and 1 in frames["inlineDepth"]
        assert all(0 <= n < len(strings) for n in funcs["name"])
        assert all(f is None or strings[f].endswith(".ruff") for f in funcs["fileName"])
        samples = thread["samples"]
        assert samples["time"] == sorted(samples["time"])
        assert all(s is None or 0 <= s < stacks["length"] for s in samples["stack"])
        assert sum(samples["threadCPUDelta"]) == CPU_NS // 1000
        kinds = {schema["name"] for schema in meta["markerSchema"]}
        assert all(d["type"] in kinds for d in thread["markers"]["data"])
        assert thread["markers"]["length"] == 3 and sorted(thread["markers"]["phase"]) == [0, 0, 1]
    for counter in it["counters"]:
        check_columns(counter["samples"], "counter")


def check_cpuprofile():
    it = load("a.cpuprofile")
    nodes = {node["id"]: node for node in it["nodes"]}
    children = [c for node in it["nodes"] for c in node["children"]]
    assert len(nodes) == len(it["nodes"]) and len(set(children)) == len(children)
    roots = set(nodes) - set(children)
    assert len(roots) == 1 and nodes[roots.pop()]["callFrame"]["functionName"] == "(root)"
    for node in it["nodes"]:
        assert set(node["callFrame"]) == {"functionName", "scriptId", "url", "lineNumber", "columnNumber"}
        ticks = sum(entry["ticks"] for entry in node.get("positionTicks", []))
        assert ticks <= node["hitCount"]
    assert len(it["samples"]) == len(it["timeDeltas"])
    assert all(s in nodes for s in it["samples"]) and all(d >= 0 for d in it["timeDeltas"])
    assert it["endTime"] - it["startTime"] >= sum(it["timeDeltas"])
    work = next(n for n in it["nodes"] if n["callFrame"]["functionName"] == "work")
    assert work["callFrame"]["lineNumber"] == 9  # from 0
    assert {"line": 12, "ticks": 545} in work["positionTicks"]


def need(tool):
    if not shutil.which(tool):
        print(f"skipped: {tool} is not installed")
        sys.exit(77)


def check_pprof():
    need("go")
    path = make("a.pb.gz")
    gzip.decompress(path.read_bytes())

    def pprof(*arguments):
        run = subprocess.run(["go", "tool", "pprof", *arguments, str(path)], capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        return run.stdout

    top = pprof("-top", "-unit=ms")
    assert "545ms" in top and "894ms" in top, top
    assert [line.split()[-1] for line in top.splitlines() if line.strip().startswith("545ms")] == ["work"]
    for sample_type in ("samples", "cpu", "wall", "alloc_objects", "alloc_space"):
        assert "Type: " + sample_type in pprof("-top", "-sample_index=" + sample_type)
    tags = pprof("-tags")
    assert "tier:" in tags and "inl" in tags and "zone:" in tags and "zone load" in tags, tags
    assert "helper demo.ruff:21" in pprof("-peek=work", "-lines")  # the inlined callee is a location of its own


def check_node():
    need("node")
    for name in ("a.json", "a.firefox.json", "a.cpuprofile"):
        subprocess.run(["node", "-e", "JSON.parse(require('fs').readFileSync(process.argv[1], 'utf8'))", str(make(name))], check=True)
    # Self times as developer tools compute them: a sample lasts until the next one.
    script = """
        const p = JSON.parse(require('fs').readFileSync(process.argv[1], 'utf8'));
        const self = {}, names = Object.fromEntries(p.nodes.map((n) => [n.id, n.callFrame.functionName]));
        for (let i = 0; i < p.samples.length; i++) {
          const next = i + 1 < p.samples.length ? p.timeDeltas[i + 1] : p.endTime - p.timeDeltas.reduce((a, b) => a + b, p.startTime);
          self[names[p.samples[i]]] = (self[names[p.samples[i]]] || 0) + next;
        }
        console.log(self.work, self.read);"""
    run = subprocess.run(["node", "-e", script, str(make("a.cpuprofile"))], check=True, capture_output=True, text=True)
    assert run.stdout.split() == ["545000", "40000"], run.stdout


{"speedscope": check_speedscope, "firefox": check_firefox, "cpuprofile": check_cpuprofile, "pprof": check_pprof,
 "node": check_node}[what]()
shutil.rmtree(folder)
print(f"{what}: ok")
