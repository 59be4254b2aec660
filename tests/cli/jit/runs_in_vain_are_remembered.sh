# A helper that never answers: the run ends without native code, and the next one need not ask as early.
$RUFF --version | grep -q unavailable && { cat "$HERE/runs_in_vain_are_remembered.stdout.exact"; exit 0; }
printf 's := 0\nfor i in range(0, 3000) { s = s + i %% 7 }\nsleep(60)\nprint(s)\n' > p.ruff
mkdir bin; cp "$RUFF" bin/ruff; printf '#!/bin/sh\nsleep 1000\n' > bin/ruff-jitc; chmod +x bin/ruff-jitc
export RUFF_JIT_CACHE="$PWD/cache" RF_JIT_HOT=5
said() { bin/ruff run --counters p.ruff | sed -n 's/^@c jit\.\(requested\) //p'; }
echo "asked: $(said)"; cp cache/*.pack first
echo "asked: $(said)"; cmp first cache/*.pack && echo 'nothing new was learned, so nothing was written'
RUFF_JIT_CACHE="ro:$PWD/cache" said > /dev/null; cmp first cache/*.pack
