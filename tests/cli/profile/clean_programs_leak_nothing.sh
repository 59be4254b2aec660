# the memory of fifty programs that leave nothing behind: no cycle, no growing line, no object of the runtime
count=0
for program in "$HERE"/../../lang/expressions/*.ruff "$HERE"/../../lang/match/*.ruff; do
    [ $count -lt 50 ] || break
    count=$((count + 1))
    $RUFF profile --vm --memory --json --output report "$program" >/dev/null 2>&1
    grep -oE '"verdict":"(unreachable|growing|native)"' report | sed "s|^|$program: |"
done
echo "$count programs"
