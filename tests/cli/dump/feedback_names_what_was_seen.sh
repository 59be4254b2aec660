cat >seen.ruff <<'END'
func total(xs, f) {
    sum := 0.0
    for x in xs { sum += f(x) }
    return sum
}
func twice(v) { return v * 2 }
print(total([1.5, 2.5], twice), total([1, 2], twice))
END
$RUFF dump --feedback seen.ruff | sed -n '1p; /^total/,/^$/p'
