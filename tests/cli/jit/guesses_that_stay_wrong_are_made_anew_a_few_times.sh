# A function whose operands keep changing kind: better code is asked for, at most five times a piece, and nothing else changes.
printf 'func f(a, b) { s := a for i in range(0, 30) { s = s + b } return s }\nt := 0\nfor i in range(0, 4000) {\n    if i < 500 { t = t + f(i, 1) } else if i %% 2 == 0 { t = t + f(0.5, i) } else { t = t + len(f("a", "b")) }\n}\nprint(t)\n' > p.ruff
$RUFF run --vm p.ruff
$RUFF --version | grep -q unavailable && { tail -n +2 "$HERE/guesses_that_stay_wrong_are_made_anew_a_few_times.stdout.exact"; exit 0; }
RF_JIT_HOT=10 RF_JIT_SYNC=1 $RUFF run --trace=jit p.ruff 2> trace
grep -q ' deopt .*(guard at\| deopt .*(entry at' trace && echo 'left by a wrong guess'
grep -q ' invalidate .* too often)' trace && echo 'better is asked for'
grep -c ' install ' trace | awk '{ print ($1 <= 6 * 6 ? "not forever" : "installed " $1 " times") }'
