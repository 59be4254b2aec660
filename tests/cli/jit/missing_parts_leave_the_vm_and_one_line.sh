# Whatever part is missing: same output, same exit code, one line for who asked for the JIT, none for who did not.
$RUFF --version | grep -q 'not in this build' && { cat "$HERE/missing_parts_leave_the_vm_and_one_line.stdout.exact"; exit 0; }
printf 'func fib(n) { if n < 2 { return n } return fib(n - 1) + fib(n - 2) }\nprint(fib(20))\nthrow "end"\n' > p.ruff
for part in memory helper assembler folder process; do
    export RF_JIT_WITHOUT=$part RF_JIT_HOT=10 RF_JIT_SYNC=1
    $RUFF run --vm p.ruff > vm 2> vm.err; echo "$part: $?"
    $RUFF run p.ruff > quiet 2> quiet.err; echo $?
    $RUFF run --jit p.ruff > asked 2> asked.err; echo $?
    $RUFF run --trace=jit p.ruff > traced 2> traced.err; echo $?
    cmp vm quiet; cmp vm asked; cmp vm traced; cmp vm.err quiet.err
    grep JIT: asked.err; grep -v JIT: asked.err | cmp - vm.err
    grep -c absent traced.err
done
RF_JIT_WITHOUT=assembler $RUFF --version | tail -1
RF_JIT_WITHOUT=assembler $RUFF bench p.ruff -i 1 -w 0 | grep JIT:
