cat > p.ruff <<'EOF'
kept := map(range(1000), |i| "text " + to_string(i))
print(len(kept))
EOF
for engine in --vm --interpreter; do
    $RUFF profile $engine --memory --output report p.ruff
    grep -qE '^  by type +allocs +bytes +live@peak +left$' report || echo "no types"
    grep -E '^    string +[0-9]' report | sed -E 's/([0-9]) ([0-9])/\1\2/g' | while read -r name allocs bytes unit live unit_live left unit_left; do
        [ "$allocs" -ge 2000 ] && [ "$unit_left" = KB ] && echo "$name: made and left"
    done
done
