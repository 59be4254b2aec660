# A helper that is absent, crashes, talks nonsense, is of another build, or never answers.
printf 'func f(n) { s := 0 for i in range(0, n) { s = s + i } return s }\nfunc g(n) { return n + f(3) }\nfunc h(n) { return n + g(3) }\nfunc k(n) { return n * 2 }\ntotal := 0\nfor i in range(0, 300) { total = total + f(20) + g(1) + h(2) + k(4) }\nprint(total)\n' > p.ruff
$RUFF --version | grep -q 'not in this build' && { cat "$HERE/a_helper_that_fails_leaves_the_vm.stdout.exact"; exit 0; }
mkdir bin; cp "$RUFF" bin/ruff
try() {
    RF_JIT_HOT=10 RF_JIT_SYNC=1 RF_JIT_PATIENCE_MS=50 bin/ruff run --jit p.ruff 2> err; echo "$1: $?"; cat err
}
helper() {
    printf '#!/bin/sh\n%s\n' "$1" > bin/ruff-jitc; chmod +x bin/ruff-jitc
}
try absent
helper 'exit 1'; try 'ends at once'
helper 'kill -9 $$'; try 'is killed'
helper 'head -c 100 /dev/zero >&3; sleep 1000'; try 'answers nonsense'
helper 'sleep 1000'; try 'does not answer'
helper 'printf 1234 >&3'; try 'is of another build'
printf 'no program' > bin/ruff-jitc; try 'is no program'
python3 - "$(dirname "$RUFF")/ruff-jitc" <<'EOF'
import os, socket, subprocess, sys
ours, its = socket.socketpair()
helper = subprocess.Popen(["sh", "-c", f'exec "{sys.argv[1]}" folder 3<&{its.fileno()}'], pass_fds=[its.fileno()])
its.close()
ours.sendall(bytes(1000))
answer = ours.recv(1000)
print("the helper knows it, too:", len(answer), any(answer), helper.wait())
EOF
