cat > p.ruff <<'END'
func total(a, word) {
    mut sum := 0
    for i in range(len(a)) {
        mut n := a[i] % 100
        if n > 50 && n > 50 { n := n / 2 }
        if word[i % 4] == word[i % 3] { n := n + 1 }
        sum := (sum * 31 + n) % 1000003
    }
    return sum
}
for _ in range(4) { print(total(range(20000), "word")) }
END
$RUFF --version | grep -q unavailable && { cat "$HERE/native_code_is_shown_in_all_its_forms.stdout.exact"; cat "$HERE/native_code_is_shown_in_all_its_forms.stderr.exact" >&2; exit 0; }
$RUFF dump --exits p.ruff | grep -e '^==' -e '^  function 0 is' -e ' MOD' | head -3
$RUFF dump --gimple p.ruff > gimple && grep -o 'ruff_entry (.*void)' gimple
$RUFF dump --asm p.ruff | grep -o '^ruff_entry:'
before=
for pass in build ssa invariants limits fold guards ranges sink dead; do
    $RUFF dump --ir --pass $pass p.ruff > $pass || echo "no $pass"
    [ -z "$before" ] || ! cmp -s $before $pass || echo "$pass changes nothing"
    before=$pass
done
$RUFF dump --ir p.ruff | cmp - dead
grep -c '^function ruff_entry' dead
RF_JIT_WITHOUT=helper $RUFF dump --asm p.ruff; echo $?
$RUFF dump --ir --pass none p.ruff; echo $?
