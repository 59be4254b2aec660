# They do not wait for the end of the helper, wherever it is; but it ends, and its files are gone when the program is.
$RUFF --version | grep -q unavailable && { cat "$HERE/programs_that_end_early_leave_nothing_behind.stdout.exact"; exit 0; }
printf 's := 0\nfor i in range(0, int(args()[0])) { s = s + i %% 7 }\n' > p.ruff
mkdir run; export XDG_RUNTIME_DIR="$PWD/run" RUFF_JIT_CACHE=off RF_JIT_HOT=5
helpers() {
    for line in /proc/[0-9]*/cmdline; do tr '\0' ' ' < "$line" | grep "$PWD/run/"; done 2>&-
}
kept=0
for turns in 10 1000 10000 30000 100000 300000 1000000 2000000; do
    for again in 1 2 3; do
        $RUFF run p.ruff $turns
        kept=$((kept + $(ls run | wc -l)))
    done
done
echo "folders: $kept"
looks=0
while [ -n "$(helpers)" ] && [ $looks -lt 200 ]; do sleep 0.05; looks=$((looks + 1)); done
helpers | sed "s/^/left: /"
