$RUFF --version | grep -q unavailable && { cat "$HERE/deopts_name_line_and_kinds.stdout.exact"; exit 0; } # no native code to look at
cat > p.ruff <<'EOF'
func work(x, from, n) {
    mut s := 0
    for i in range(n) {
        y := x[from + i % 3]
        s := s + y * 2
    }
    return s
}
mixed := [1, 2, 3, 1.5, 2.5, 3.5, null]
for k in range(40) { work(mixed, 0, 20000) }
for k in range(40) { work(mixed, 3, 20000) }
EOF
RUFF_JIT_CACHE=off RF_JIT_SYNC=1 $RUFF profile --jit --output report p.ruff
grep -qE 'deopt +work:1 .* in line [45] .*saw .' report && echo "line and kinds are told"
