cat > p.ruff <<'EOF'
func count(from, began) { # samples take time
    mut i := from
    while true {
        i := i + 1
        if i % 500000 == 0 && performance_now() - began > 300 { write_file("ready", "") }
    }
}
mut kept := []
for i in range(1000) { push(kept, [i]) }
count(len(kept), performance_now())
EOF
for engine in interpreter vm jit-mode; do
    rm -f ready report stacks.folded
    $RUFF profile --$engine --output report --flamegraph stacks.folded p.ruff 2>/dev/null &
    until [ -e ready ]; do sleep 0.05; done
    kill -INT $!
    wait $!
    echo "exit $?"
    grep -o '(interrupted)' report
    sed 's/ [0-9]*$//; s/_\[j\]//' stacks.folded | grep -x 'main (p.ruff:1);count (p.ruff:1)' | sort -u
    grep -oE 'main +p.ruff:9 +array' report | tr -s ' '
    grep -o '^LEAKS' report
    grep -E '^JIT' report | cut -c 1-3
done
