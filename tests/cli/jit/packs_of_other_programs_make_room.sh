$RUFF --version | grep -q unavailable && { cat "$HERE/packs_of_other_programs_make_room.stdout.exact"; exit 0; }
export RF_JIT_HOT=10 RF_JIT_SYNC=1 RUFF_JIT_CACHE="$PWD/cache" RF_JIT_CACHE_BYTES=9000
for i in 1 2 3 4 5 6; do
    printf 'func f(n) { s := %s for i in range(0, n) { s = s + i } return s }\nt := 0\nfor i in range(0, 99) { t = t + f(20) }\nprint(t)\n' $i > p$i.ruff
    $RUFF run p$i.ruff > out &
done
wait
$RUFF run p6.ruff > out; touch -d '2000-01-01' cache/*; rm cache/*; for i in 1 2 3 4; do $RUFF run p$i.ruff > out; done
[ "$(cat cache/*.pack | wc -c)" -le 9000 ] && echo 'within the limit'
ls cache | grep -c pack | awk '{ print ($1 >= 1 && $1 < 4 ? "the oldest went" : "packs: " $1) }'
$RUFF run --trace=jit p4.ruff 2>&1 | grep -c ' load '
