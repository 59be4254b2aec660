echo 'print([1, 2])' > p.ruff
show() {
    echo "$@:" $($RUFF profile "$@" p.ruff 2>&1 >/dev/null | grep -oE '^(WHERE|MEMORY|JIT|no CPU)' | tr '\n' ' ')
}
show --vm
show --cpu
show --memory
show --jit
show --no-cpu
show --no-memory
show --no-jit
show --cpu --memory
show --no-cpu --no-memory --no-jit
