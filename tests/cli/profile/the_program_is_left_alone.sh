# LANGUAGE 18.9: output, exit code and results are the program's own under every instrument
cat > p.ruff <<'END'
print(args())
print("to standard output")
func f(n) { throw "no" }
f(1)
END
for engine in interpreter vm jit-mode; do
    $RUFF profile --$engine --output report p.ruff a -- --cpu >out 2>err
    echo "exit $?"
    cat out err
    head -c 12 report
    echo
done
echo 'exit(3)' > e.ruff
$RUFF profile --output report e.ruff
echo "exit $?"
