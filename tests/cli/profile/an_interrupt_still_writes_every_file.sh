cat > p.ruff <<'END'
mut i := 0
while true {
    i := i + 1
    if i == 5000000 { write_file("ready", "") }
}
END
for engine in interpreter vm jit-mode; do
    rm -f ready report stacks.folded
    $RUFF profile --cpu --$engine --output report --flamegraph stacks.folded p.ruff 2>/dev/null &
    until [ -e ready ]; do sleep 0.05; done
    kill -INT $!
    wait $!
    echo "exit $?"
    grep -o '(interrupted)' report
    sed 's/ [0-9]*$//; s/_\[j\]//' stacks.folded | grep -x 'main (p.ruff:1)' | sort -u
done
