: > e.ruff
for arguments in "--scheduler-timeout-ms" "e.ruff --scheduler-timeout-ms" "--scheduler-timeout-ms e.ruff" \
                 "--scheduler-timeout-ms=100" "--vm --int-overflow"; do
    $RUFF run $arguments 2>&1 | head -1
done
