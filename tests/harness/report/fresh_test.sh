#!/bin/sh
# docs/PERFORMANCE.md says what the newest published database says.  Usage: fresh_test.sh RUFFBENCH PROJECT
set -eu
newest=
for database in "$2"/reports/*/results.db; do
    [ -e "$database" ] && newest=$database # names are days: the last one is the newest
done
if [ -z "$newest" ]; then
    echo "skipped: nothing is published in reports/"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$newest" "$work/results.db"
"$1" report --check "$2/docs/PERFORMANCE.md" --db "$work/results.db"
