# The helper is killed after 0, 4, 8, ... ms: before it reads, while it compiles or assembles, while it answers.
$RUFF --version | grep -q unavailable && { cat "$HERE/helpers_killed_at_any_moment_change_nothing.stdout.exact"; exit 0; }
printf 'func f(n) { s := 0 for i in range(0, n) { s = s + i %% 7 } return s }\nfunc g(n) { xs := [] for i in range(0, n) { push(xs, f(i)) } return xs }\nt := 0\nfor i in range(0, 3000) { t = t + len(g(9)) + f(20) }\nprint(t)\n' > p.ruff
mkdir bin run; cp "$RUFF" bin/ruff; real=$(dirname "$RUFF")/ruff-jitc
want=$($RUFF run --vm p.ruff)
moment=0; wrong=0
while [ $moment -lt 160 ]; do
    printf '#!/bin/sh\n( sleep 0.%03d; kill -9 $$ ) > /dev/null 2>&1 3>&- &\nexec "%s" "$@"\n' $moment "$real" > bin/ruff-jitc; chmod +x bin/ruff-jitc
    got=$(XDG_RUNTIME_DIR="$PWD/run" RF_JIT_HOT=5 RF_JIT_SYNC=1 bin/ruff run p.ruff 2>&1) || wrong=$((wrong + 1))
    [ "$got" = "$want" ] || wrong=$((wrong + 1))
    moment=$((moment + 4))
done
echo "wrong: $wrong"; echo "left behind: $(ls run | wc -l)"
