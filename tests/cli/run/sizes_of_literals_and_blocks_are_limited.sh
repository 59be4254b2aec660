repeat() { yes "$2" | head -n "$1" | tr -d '\n'; }
array() { echo "x := [$(repeat "$1" '1,')] print(len(x))"; }
dict() { echo "x := {$(seq -f 'k%g: 1,' "$1" | tr -d '\n')} print(len(x))"; }
blocks() { echo "$(repeat "$1" 'if true {') print($1) $(repeat "$1" '}')"; }
for engine in interpreter vm; do
    for kind in array:4096 dict:4096 blocks:128; do
        for size in ${kind#*:} $((${kind#*:} + 1)); do
            ${kind%:*} "$size" > "${kind%:*}.ruff"
            $RUFF run --$engine "${kind%:*}.ruff" 2>&1 && continue
            echo "exit $?"
        done
    done
done
