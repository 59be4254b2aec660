"""Runner protocol 1 of ruffbench: python3 PROGRAM SIZE SEED ITERS BUDGET_MS."""
import sys
from time import perf_counter_ns as now


def resolution():
    return min(next(t for t in iter(now, start) if t > start) - start for start in (now() for _ in range(20)))


def measure(run):
    """Times up to ITERS calls of run(size, seed); nothing is printed between them."""
    size, seed, iters, budget_ms = map(int, sys.argv[1:5])
    print("@rb 1 python", flush=True)
    samples = []
    spent = 0
    while len(samples) < iters and (len(samples) < 2 or spent < budget_ms * 1000000):
        start = now()
        digest = run(size, seed)
        took = now() - start
        samples.append((took, digest))
        spent += took
    lines = [f"@clock {resolution()}"] + [f"@i {took} {digest}" for took, digest in samples]
    print("\n".join(lines), f"\n@end {len(samples)}", sep="")
