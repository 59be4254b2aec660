"""Every built-in there is, called as function and as method with hostile values of every kind, in the interpreter and in
the VM: both print the same, nothing crashes or hangs, and no descriptor is left open.

usage: hostile_arguments.py RUFF BUILTINS_TSV [MODULE...]
"""
import os
import pathlib
import random
import subprocess
import sys
import tempfile

TIMEOUT = 300
CALLS = int(os.environ.get("HOSTILE_CALLS", "120"))  # for each count of arguments

# Values by number, made anew for each call: generators and promises are used up.  10 MB texts come last and are rarer.
VALUES = """
    null|true|false|0|1|-1|3|255|9223372036854775807|least|4294967296|2.5|-0.0|1e300|5e-324|nan|inf|-inf
    ""|"a"|"-"|"a\\u{0}b"|"\\u{e9}\\u{1F600}"|"("|"%s%d%n%-99999999999d"|"%.99999999999f"|"\\\\x"|"[[\\"a\\","|"a,\\"b\\nc"
    "2024-02-30"|"YYYY"|"no/such/file"|"="|"true"|"9223372036854775808"|"[a&&[^b]]"|"$1${x}$$"|":memory:"|"SELECT ?"
    []|[1, 2, 3]|["b", "a"]|[1.5, -0.0]|[[1], [], {}]|[null, true, "x", [nan]]|deep|[true]|["a\\u{0}"]|[[]]|[[""]]|[["true"]]
    {}|{"a": 1}|{"timeout_ms": -1}|{"overwrite": 1}|{"1": 2, "a\\u{0}b": []}|{"env": {"": 1}}|{"max_connections": 0}
    encode("")|encode("ab")|Set([1, "a"])|Queue([1])|Stack([1])|Set([])|Queue([])|Stack([])
    Ok(1)|Err("no")|Some([1])|None|oops()|numbers()|f0|f1|f2|thrower|P { x: 1 }|E::A(1)|E::B|P|E|own_channel()|promise()
    map([1], f1).iter()|db|closed_db|closed_socket|http_response(200, "a")|len|Promise|range(100000)|arg_parser()
    big|big_spaces|big_dict
"""

PROLOGUE = """
struct P { x: int }
enum E { A(int), B }
nan := parse_toml("x = nan")["x"]
inf := parse_toml("x = inf")["x"]
least := -9223372036854775807 - 1
deep := 1
for i in range(100000) { deep = [deep] }
big := repeat("abcdefghi\\n", 1000000)
big_spaces := repeat(" ", 10000000)
big_dict := {}
for i in range(10000) { big_dict["k" + i] = i }
func encode(s) { return decode_base64(encode_base64(s)) }
func oops() { return error("bad") }
func* numbers() { yield 1 yield 2 }
func f0() { return 1 }
func f1(x) { return x }
func f2(x, y) { return x }
func thrower(x) { throw "thrown" }
func own_channel() { let c := channel() c.send(c) return c }
func promise() { return async_sleep(0) }
db := db_connect(":memory:")
closed_db := db_connect(":memory:")
db_close(closed_db)
closed_socket := udp_bind("127.0.0.1", 0)
udp_close(closed_socket)
func shown(v) {
    try {
        let text := to_string(v)
        return len(text) + " " + substring(text, 0, 60)
    } except e {
        return e.message
    }
}
# Nothing is under way when descriptors are counted.
func settle(r) {
    try {
        if type(r) == "promise" { await r }
        if type(r) == "taskhandle" { await await_task(r) }
    } except e { }
}
open := 0
func fds() { return len(list_dir("/proc/self/fd")) }
"""

# What ends, waits or changes the place of the test itself; what tells the time or chance answers only with its type.
LEFT_OUT = {"exit", "os_chdir", "args", "os_environ", "env_list", "set_task_pool_size", "os_getcwd"}
WAITING = {"sleep", "async_sleep", "async_timeout", "udp_receive_from", "tcp_accept"}
UNSTEADY_MODULES = {"time", "random"}
UNSTEADY = {"io_file_metadata", "path_absolute", "db_pool_stats", "env", "file_size"}
ALSO = {"toml", "yaml"}  # of tier B, what there is
WRITING = {"console", "debug"}  # no 10 MB texts: they would fill the output
PORTS = ["0", "-1", "65536", "nan", "2.5", "null", '"80"', "least", "[]"]
HOSTS = ['"127.0.0.1"', '""', '"a\\u{0}b"', "big", "null", "1", "[]"]
SERVERS = {"tcp_connect", "tcp_listen", "udp_bind", "udp_send_to"}


def read_rows(path, modules):
    rows = [line.split("\t") for line in pathlib.Path(path).read_text().splitlines()[1:]]
    return [(name, module, int(least), int(most)) for name, kind, module, tier, least, most, *_ in rows
            if kind == "function" and (tier == "A" or module in ALSO) and name not in LEFT_OUT and (not modules or module in modules)]


def values():
    return [v.strip() for line in VALUES.strip().splitlines() for v in line.split("|")]


def choose(rng, name, position, all_values):
    if name in SERVERS:
        host = 2 if name == "udp_send_to" else 0
        if position in (host, host + 1):
            return rng.choice(HOSTS if position == host else PORTS)
    if name in WAITING and position == (1 if name == "async_timeout" else 0):
        return rng.choice(["-1", "nan", "inf", "-inf", "least", '"1"', "null", "[]", "big", "0", "1"])
    return rng.choice(all_values if rng.random() < 0.03 else all_values[:-3])


def argument_lists(rng, name, least, most, all_values):
    """Each value alone, then random lists of every count that is allowed."""
    if least <= 1 and most != 0 and name not in SERVERS and name not in WAITING:
        yield from ([v] for v in all_values)
    for count in range(max(least, 1), min(most if most >= 0 else least + 2, 4) + 1):
        for _ in range(CALLS):
            yield [choose(rng, name, i, all_values) for i in range(count)]
    if least == 0:
        yield []


def calls_of(name, module, least, most):
    rng = random.Random(name)
    lines, all_values = [], values()
    if module in WRITING:
        all_values = [v for v in all_values if not v.startswith(("big", "closed_socket"))] * 2
    calls = []
    unsteady = module in UNSTEADY_MODULES or name in UNSTEADY
    for number, arguments in enumerate(argument_lists(rng, name, least, most, all_values)):
        call = f"{name}({', '.join(arguments)})"
        if number % 3 == 2 and arguments and name not in SERVERS:
            call = f"({arguments[0]}).{name}({', '.join(arguments[1:])})"
        show = '"done"' if name == "random_choice" else "type(r)" if unsteady else "shown(r)"
        calls.append(f'    try {{ let r := {call} print("{name}", {number}, {show}) settle(r) }} '
                     f'except e {{ print("{name}", {number}, shown(e.message)) }}')
    for at in range(0, len(calls), 200):
        body = "\n".join(calls[at:at + 200])
        lines.append(f"func call_{name}_{at}() {{\n{body}\n}}")
        lines.append(f'open = fds()\ncall_{name}_{at}()\nprint("{name}", fds() - open)')
    return "\n".join(lines) + "\n"


def programs(rows):
    """Programs that make the calls of all rows, none larger than a program may be."""
    source = PROLOGUE
    for row in rows:
        calls = calls_of(*row)
        if len(source) + len(calls) > 1000000:
            yield source
            source = PROLOGUE
        source += calls
    yield source


def run(ruff, engine, source):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "calls.ruff"
        path.write_text(source)
        environment = {"PATH": "/usr/bin:/bin", "HOME": folder, "LANG": "C", "TZ": "UTC"}
        environment.update({k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")})
        done = subprocess.run([ruff, "run", f"--{engine}", path.name], cwd=folder, stdin=subprocess.DEVNULL,
                              env=environment, capture_output=True, timeout=TIMEOUT)
        return done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"), done.returncode


def check_program(ruff, module, names, source):
    outputs, problems = {}, []
    for engine in ("interpreter", "vm"):
        out, err, code = run(ruff, engine, source)
        outputs[engine] = out
        if code != 0 or "Sanitizer" in err or "runtime error" in err:
            problems.append(f"{module} in {engine}: exit code {code}\n{err[-3000:]}\nlast output: {out[-300:]}")
        for line in out.splitlines():
            words = line.split(" ")
            if len(words) == 2 and words[1].lstrip("-").isdigit() and words[1] != "0" and words[0] in names:
                problems.append(f"{module} in {engine}: {words[0]} leaves {words[1]} descriptors open")
    if outputs["interpreter"] != outputs["vm"]:
        pairs = zip(outputs["interpreter"].splitlines(), outputs["vm"].splitlines())
        a, b = next(((a, b) for a, b in pairs if a != b), ("", "one is longer"))
        problems.append(f"{module}: engines differ\n  interpreter: {a}\n  vm:          {b}")
    return problems, outputs["vm"].count("\n")


def check(ruff, module, rows):
    problems, count = [], 0
    for source in programs(rows):
        found, calls = check_program(ruff, module, {row[0] for row in rows}, source)
        problems += found
        count += calls
    return problems, count


def main():
    ruff, table, modules = str(pathlib.Path(sys.argv[1]).resolve()), sys.argv[2], sys.argv[3:]
    rows = read_rows(table, modules)
    failures, count = [], 0
    for module in sorted({row[1] for row in rows}):
        problems, calls = check(ruff, module, [row for row in rows if row[1] == module])
        failures += problems
        count += calls
    print("\n".join(failures))
    print(f"{len(rows)} built-ins, {count} calls in each engine: {len(failures)} problems")
    sys.exit(1 if failures or not rows else 0)


main()
