$RUFF --version | grep -q unavailable && { cat "$HERE/deopts_name_the_kind_of_an_element.stdout.exact"; exit 0; } # no native code to look at
cat > p.ruff <<'EOF'
struct Cell { value }
func elements(list) {
    mut s := 0
    for i in range(len(list)) {
        s := s + list[i]
    }
    return s
}
func fields(cells) {
    mut s := 0
    for i in range(len(cells)) {
        cell := cells[i]
        s := s + cell.value
    }
    return s
}
mut list := []
mut cells := []
for i in range(3000) {
    push(list, i)
    push(cells, Cell { value: i })
}
push(list, 2.5)
push(list, null)
list[3001] := 1
mut t := 0
for round in range(100) { t := t + elements(list) + fields(cells) }
push(cells, Cell { value: 2.5 })
for round in range(100) { t := t + fields(cells) }
EOF
RUFF_JIT_CACHE=off RF_JIT_SYNC=1 $RUFF profile --jit --json --output report p.ruff
grep -qE '"seen": ?"array of values, int -> float"' report && echo "the element's kind is told"
grep -qE '"seen": ?"[A-Za-z]+ -> float"' report && echo "the field's kind is told"
