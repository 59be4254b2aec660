# A helper that never answers: a short run ends without native code and notes that the next need not ask as early.  How many
# turns are short depends on the machine.
$RUFF --version | grep -q unavailable && { cat "$HERE/runs_in_vain_are_remembered.stdout.exact"; exit 0; }
printf 's := 0\nfor i in range(0, parse_int(args()[0])) { s = s + i %% 7 }\nprint(s)\n' > p.ruff
mkdir bin; cp "$RUFF" bin/ruff; printf '#!/bin/sh\nexec cat <&3 > /dev/null\n' > bin/ruff-jitc; chmod +x bin/ruff-jitc
export RF_JIT_HOT=5
RUFF_JIT_CACHE="ro:$PWD/cache" bin/ruff run p.ruff 2000000; [ -e cache ] || echo 'not by a run that may not write'
export RUFF_JIT_CACHE="$PWD/cache"
turns=100000
until [ -e cache ] || [ $turns -ge 1000000000 ]; do bin/ruff run p.ruff $turns > /dev/null; turns=$((turns * 3 / 2)); done
ls cache/*.pack | wc -l
bin/ruff run p.ruff 3000
rm bin/ruff-jitc; cp "$(dirname "$RUFF")/ruff-jitc" bin/
RF_JIT_SYNC=1 bin/ruff run --counters p.ruff 3000 | sed -n 's/^@c jit\.\(compiled\) //p'
