here=$(pwd -P)
mkdir in out
echo 'export x := 1' > out/target.ruff
echo 'export x := 1' > in/m.ruff
ln -s ../out/target.ruff in/outside.ruff
printf 'export x := "\377"\n' > in/not_utf8.ruff
head -c 1048577 /dev/zero | tr '\0' ' ' > in/large.ruff
cat > in/main.ruff <<'EOF'
try { import outside } except e { print(e.message) }
try { import not_utf8 } except e { print(e.message) }
try { import large } except e { print(e.message) }
kept := []
try { loop { push(kept, tcp_listen("127.0.0.1", 0)) } } except e { opened := len(kept) }
try { import m } except e { print(e.message) }
EOF
ulimit -n 24
for engine in interpreter vm; do $RUFF run --$engine in/main.ruff | sed "s,$here,HERE,g"; done
