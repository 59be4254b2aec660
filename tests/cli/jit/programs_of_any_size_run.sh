# Thousands of hot functions, a function of thousands of instructions, calls as deep as they may be, little room for code.
awk 'BEGIN { for (i = 0; i < 5000; i++) printf "func f%d(n) { s := %d for k in range(0, n) { s = s + k * %d %% 13 } return s }\n", i, i, i % 97
    print "t := 0\nfor r in range(0, 8) {"; for (i = 0; i < 5000; i++) printf "    t = t + f%d(30)\n", i; print "}\nprint(t)" }' > functions.ruff
awk 'BEGIN { print "func big(n) {\n    t := 0\n    for i in range(0, n) {"
    for (i = 0; i < 1200; i++) printf "        if i %% %d == 0 { t = t + i * %d } else { t = t - %d }\n", i + 2, i, i
    print "    }\n    return t\n}\nprint(big(300))" }' > instructions.ruff
awk 'BEGIN { print "func big(n) {\n    t := 0\n    for i in range(0, n) {"
    for (i = 0; i < 150; i++) printf "        if i %% %d == 0 { t = t + i * %d } else { t = t - %d }\n", i + 2, i, i
    print "    }\n    return t\n}\nprint(big(3000))" }' > half.ruff
cat > deep.ruff <<'P'
func down(n) { if n == 0 { return 0 } return 1 + down(n - 1) }
func ping(n) { if n == 0 { return 0 } return 1 + pong(n - 1) }
func pong(n) { if n == 0 { return 0 } xs := [n] return xs[0] - n + 1 + ping(n - 1) }
t := 0
for i in range(0, 100) { t = t + down(3000) + ping(2000) }
print(t)
try { down(1000000) } except e { print(e.message) }
try { ping(1000000) } except e { print(e.message) }
for i in range(0, 100) { t = t + down(3000) + ping(2000) }
print(t)
print(down(1000000))
P
try() { # program, environment
    name=$1; shift
    want=$($RUFF run --vm $name.ruff 2>&1; echo "exit $?")
    got=$(env "$@" $RUFF run $name.ruff 2>&1; echo "exit $?")
    [ "$want" = "$got" ] && echo "$name $*: same" || { echo "$name $*: differs"; printf '%s\n' "$want" "$got" | head -20; }
}
try functions RF_JIT_HOT=5
try instructions RF_JIT_HOT=5
try half RF_JIT_HOT=5 RF_JIT_SYNC=1
try deep RF_JIT_HOT=5 RF_JIT_SYNC=1
try deep RF_JIT_HOT=5
try deep RF_JIT_HOT=5 RF_JIT_REGION_BYTES=4096 RF_JIT_SYNC=1
