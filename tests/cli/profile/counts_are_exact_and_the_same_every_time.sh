cat > f.ruff <<'END'
func fib(n) {
    if n < 2 { return n }
    return fib(n - 1) + fib(n - 2)
}
print(fib(10))
END
for round in 1 2 3 4 5; do
    $RUFF profile --cpu --vm f.ruff 2>report
    sed -n '/^EXACT COUNTS/,/^$/p' report >counts.$round
    cmp counts.1 counts.$round
done
grep -E '^    (fib|print) ' counts.1 | sed -E 's,(p|f).ruff:[0-9]+,,' | awk '{print $1, $2 == "(builtin)" ? $3 : $2}'
