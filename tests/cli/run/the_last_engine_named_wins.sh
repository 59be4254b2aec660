# LANGUAGE 18.2, 21.3: engines exclude one another and never change behaviour; the environment may forbid native code
echo "print(args()) 1 / 0" > p.ruff
$RUFF run --jit --interpreter --vm p.ruff a --jit; echo $?; $RUFF p.ruff -- --vm -- b; echo $?; $RUFF run p.ruff --interpreter --x --vm; echo $?
DISABLE_JIT=1 $RUFF run p.ruff; echo $?
echo "func f(n) { return f(n + 1) } try { f(0) } except e { print(e.message) }" > d.ruff
RUFF_MAX_CALL_DEPTH=16 $RUFF run d.ruff; RUFF_MAX_CALL_DEPTH=15 $RUFF run d.ruff; RUFF_MAX_CALL_DEPTH=many $RUFF run d.ruff
echo "print(9223372036854775807 + 1)" > w.ruff
RUFF_INT_OVERFLOW=wrap $RUFF run w.ruff; RUFF_INT_OVERFLOW=wrap $RUFF run --int-overflow=error w.ruff; echo $?
