# a pattern that goes back over its text until the limit, and one that is compiled again and again in other words
cat > slow.ruff <<'EOF'
text := "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab cd ef"
for _ in range(3) {
    try { print(regex_match(text, "^(a|a)*c$")) } except error { print("given up") }
}
EOF
cat > many.ruff <<'EOF'
mut found := 0
for i in range(3000) {
    if regex_match("some text " + to_string(i), "(some|any) [a-z]+ (" + to_string(i) + "|[a-z]{3,9})$") { found := found + 1 }
}
print(found)
EOF
$RUFF profile --cpu --vm --output slow --flamegraph slow.folded slow.ruff 2>/dev/null
grep -oE '/\^\(a\|a\)\*c\$/ takes [0-9]+ ns a byte' slow | sed 's/[0-9][0-9]*/N/'
grep -oE '^main .*;regex /.* \[regex\]' slow.folded | sort -u
$RUFF profile --cpu --vm --hz 10000 --output many --flamegraph many.folded many.ruff 2>/dev/null
grep -oE 'regex_match \[builtin\];compile /\(some' many.folded | sort -u
grep 'takes' many
true
