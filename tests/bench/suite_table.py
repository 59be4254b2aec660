"""The suite in the VM beside Lua, LuaJIT without its JIT, and CPython."""
import statistics

from engine import engines, median_ratio, run_problem, suite_sizes, verdict


def print_suite_table(build, rounds):
    all_engines = engines(build)
    problems = {name: size for name, size in suite_sizes().items() if all_engines[1].source(name).exists()}
    times = {name: [[] for _ in all_engines] for name in problems}
    for _ in range(rounds):
        for name, size in problems.items():
            answers = set()
            for engine, samples in zip(all_engines, times[name]):
                took, answer = run_problem(engine, name, size)
                samples.append(took)
                answers.add(answer)
            if len(answers) != 1:
                raise SystemExit(f"{name} {size}: different answers {answers}")
    print(f"\nSuite in the VM, default sizes, {rounds} rounds: time in ms, ratio of the VM to each engine")
    print(f"{'':16}{'ruff:vm':>9}{'lua':>9}{'ratio':>7}{'-joff':>9}{'ratio':>7}{'python':>9}{'ratio':>7}")
    ratios = []
    for name, samples in times.items():
        row = [median_ratio(samples[0], other) for other in samples[1:]]
        ratios.append((row, name))
        ms = [statistics.median(taken) / 1e6 for taken in samples]
        cells = "".join(f"{taken:9.1f}{ratio:7.2f}" for taken, ratio in zip(ms[1:], row))
        print(f"{name:16}{ms[0]:9.1f}{cells}")
    means = [statistics.geometric_mean(row[i] for row, _ in ratios) for i in range(3)]
    print(f"{'geometric mean':16}{'':9}" + "".join(f"{'':9}{mean:7.2f}" for mean in means))
    worst, worst_name = max(ratios)
    named = {name: row[0] for row, name in ratios}
    for text, value, bar in [
        ("geometric mean to Lua", means[0], 0.8),
        ("geometric mean to LuaJIT -joff", means[1], 1.1),
        ("geometric mean to CPython", means[2], 1 / 3),
        (f"worst to Lua ({worst_name})", worst[0], 1.3),
        ("fibonacci to Lua", named["fibonacci"], 0.75),
        ("int loops (nested_loops) to Lua", named["nested_loops"], 1.2),
    ]:
        print(f"{text:44}{value:6.2f}  bar {bar:.2f}  {verdict(value, bar)}")
    slow = [f"{name} {row[0]:.2f}" for row, name in sorted(ratios, reverse=True) if row[0] > 1.3]
    if slow:
        print("slower than 1.3 x Lua: " + ", ".join(slow))
