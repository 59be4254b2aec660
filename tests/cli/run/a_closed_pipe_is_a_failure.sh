echo "loop { print(1) }" > p.ruff
for engine in interpreter vm jit; do { $RUFF run --$engine p.ruff; echo "exit $?" >&2; } | head -1; done
