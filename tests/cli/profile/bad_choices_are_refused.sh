echo 'print(1)' > p.ruff
for options in "--hz 0" "--hz fast" "--top 0" "--format pdf" "--flamegraph a.xyz" "--flamegraph no/a.svg" \
    "--output no/report.txt" "--flamegraph a.svg --no-cpu" "--unknown"; do
    $RUFF profile $options p.ruff 2>&1 | head -1
done
$RUFF profile missing.ruff
echo "exit $?"
