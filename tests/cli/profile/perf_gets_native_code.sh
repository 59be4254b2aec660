# jit-PID.dump, read back as perf reads it: each function with its code and its lines
$RUFF --version | grep -q unavailable && { cat "$HERE/perf_gets_native_code.stdout.exact"; exit 0; } # no native code to look at
cat > p.ruff <<'EOF'
func square(x) {
    return x * x
}
func work(n) {
    mut s := 0
    for i in range(n) {
        s := s + square(i) % 7
    }
    return s
}
mut sum := 0
for k in range(60) { sum := sum + work(20000) }
results := channel()
spawn {
    func in_worker(n) {
        mut s := 1
        for i in range(n) { s := s * 3 % 1000003 + i }
        return s
    }
    mut s := 0
    for k in range(60) { s := s + in_worker(20000) }
    results.send(s)
}
print(sum + results.receive())
EOF
cat > read.py <<'EOF'
import glob, struct
(path,) = glob.glob("jit-*.dump")
data = open(path, "rb").read()
magic, version, size, machine, _, process, _, flags = struct.unpack_from("<IIIIIIQQ", data)
assert (magic, version, size, flags) == (0x4A695444, 1, 40, 0) and path == f"jit-{process}.dump"
at, lines, functions = size, {}, {}
while at < len(data):
    record, size, _ = struct.unpack_from("<IIQ", data, at)
    if record == 2:
        address, count = struct.unpack_from("<QQ", data, at + 16)
        place = at + 32
        for _ in range(count):
            where, line, _ = struct.unpack_from("<QII", data, place)
            end = data.index(b"\0", place + 16)
            lines.setdefault(address, []).append((where, line, data[place + 16:end].decode()))
            place = end + 1
        assert place == at + size
    else:
        assert record == 0
        pid, _, vma, address, code_size, index = struct.unpack_from("<IIQQQQ", data, at + 16)
        end = data.index(b"\0", at + 56)
        assert pid == process and vma == address and end + 1 + code_size == at + size and index == len(functions)
        functions[address] = (data[at + 56:end].decode(), code_size)
    at += size
assert at == len(data)
for address, (name, code_size) in functions.items():
    for where, line, file in lines[address]:
        assert address <= where < address + code_size and file.endswith("p.ruff")
found = {name: {line for a, (n, _) in functions.items() if n == name for _, line, _ in lines[a]} for name, _ in functions.values()}
print("work has its lines" if {6, 7} <= found["work"] else found)
print("the worker's code has its lines" if 17 in found.get("in_worker", ()) or 17 in found["spawn block"] else found)
print("the inlined line is told" if 2 in found["work"] or "square" in found else found)
EOF
RF_JIT_SYNC=1 $RUFF profile --perf --cpu --output /dev/null p.ruff 2>/dev/null
python3 read.py
rm jit-*.dump
$RUFF profile --perf --vm --cpu --output /dev/null p.ruff 2>/dev/null
cat jit-*.dump | wc -c
$RUFF profile --perf --memory p.ruff 2>&1 | head -1
