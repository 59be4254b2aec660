echo 'func f(n) { return n + 1 }
print(f(1))' > p.ruff
# numbers, runs of spaces and whether there was a tick at all differ from run to run
$RUFF profile --cpu --vm p.ruff 2>&1 >/dev/null | sed -E 's/[0-9]+([.][0-9]+)?/N/g; s/ +/ /g; s,n/a got,N got,; s/got, jittered/got/; s/ ±N//' | grep -E '^(ruff|sampling|EXACT|WHERE)'
$RUFF profile --cpu --vm --format md p.ruff 2>&1 >/dev/null | grep '^#' | grep -v HOT | sed -E 's/ +/ /g'
