printf 'func f(n) { s := 0 for i in range(0, n) { s = s + i } return s }\nt := 0\nfor i in range(0, 300) { t = t + f(20) }\nprint(t)\n' > p.ruff
$RUFF --version | grep -q unavailable && { cat "$HERE/trace_tells_what_becomes_native.stdout.exact"; exit 0; }
RF_JIT_HOT=10 RF_JIT_SYNC=1 $RUFF run --trace=jit p.ruff 2> trace
for event in start compile install enter 'counters requested'; do grep -q "ms $event .* f:1 at \|$event" trace && echo "$event"; done
$RUFF run --trace=all p.ruff 2>&1 | head -1
