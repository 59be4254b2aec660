# Where perf is installed and allowed: of the samples in native code at least 95 % have a name, and the line of the loop.
skip() { cat "$HERE/perf_names_native_code_and_its_lines.stdout.exact"; exit 0; }
$RUFF --version | grep -q unavailable && skip # no native code to look at
command -v perf > /dev/null || skip
perf record -e cpu-clock -k mono -o perf.data true > /dev/null 2>&1 || skip
cat > p.ruff <<'EOF'
func inner(n) {
    mut s := 0
    for i in range(n) { s := s + i * 3 % 7 }
    return s
}
mut t := 0
for k in range(10000) { t := t + inner(20000) }
EOF
RUFF_JIT_CACHE=off RF_JIT_SYNC=1 perf record -F 1000 -e cpu-clock -k mono -o perf.data $RUFF profile --perf --output report p.ruff > /dev/null 2>&1
perf inject --jit -i perf.data -o words.perf > /dev/null 2>&1 || skip # built without libelf
perf script -i words.perf -F ip,sym,dso,srcline 2> /dev/null > samples
awk '/jitted-/ { all++; named += $2 !~ /unknown/; getline; lines += /p\.ruff:3$/ }
     END { print (all >= 50 && named >= 0.95 * all && lines >= 0.95 * all) ? "named, with lines" : all " " named " " lines }' samples
