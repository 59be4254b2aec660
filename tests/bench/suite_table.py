"""Programs of the suite in the VM beside other engines: the whole suite, and the library."""
import statistics

from engine import (engines, median_ratio, processor_time_of_iteration, suite_sizes, time_of_iteration,
                    verdict)

# The library bars are about these sizes: documents of 5 MB, texts of 20 MB, 10^6 numbers, 10^5 strings and lines.
LIBRARY = {"json_parse": 50, "json_write": 50, "split_join": 20, "text_replace": 20, "text_upper": 20,
           "sort_ints": 10**6, "sort_strings": 10**5, "regex_log": 10**5, "word_count": 10**6}


def measure(chosen, problems, rounds, time_one):
    """Nanoseconds of every round, by problem and engine."""
    times = {name: [[] for _ in chosen] for name in problems}
    for _ in range(rounds):
        for name, size in problems.items():
            answers = set()
            for engine, samples in zip(chosen, times[name]):
                took, answer = time_one(engine, name, size)
                samples.append(took)
                answers |= answer
            if len(answers) != 1:
                raise SystemExit(f"{name} {size}: different answers {answers}")
    return times


def print_rows(chosen, times):
    """Prints medians and ratios; answers the ratios of each problem and their geometric means."""
    print(f"{'':16}{'ruff:vm':>9}" + "".join(f"{engine.name:>14}{'ratio':>7}" for engine in chosen[1:]))
    ratios = {}
    for name, samples in times.items():
        ratios[name] = [median_ratio(samples[0], other) for other in samples[1:]]
        ms = [statistics.median(taken) / 1e6 for taken in samples]
        cells = "".join(f"{taken:14.1f}{ratio:7.2f}" for taken, ratio in zip(ms[1:], ratios[name]))
        print(f"{name:16}{ms[0]:9.1f}{cells}")
    means = [statistics.geometric_mean(column) for column in zip(*ratios.values())]
    print(f"{'geometric mean':16}{'':9}" + "".join(f"{'':14}{mean:7.2f}" for mean in means))
    return ratios, means


def print_verdicts(rows):
    for text, value, bar in rows:
        print(f"{text:44}{value:6.2f}  bar {bar:.2f}  {verdict(value, bar)}")


def slower_than(bar, ratios, column):
    return ", ".join(f"{name} {row[column]:.2f}" for name, row in ratios.items() if row[column] > bar) or "none"


def print_suite_table(build, rounds):
    every = engines(build)
    chosen = [every[name] for name in ("ruff:vm", "lua", "luajit -joff", "python")]
    problems = {name: size for name, size in suite_sizes().items() if every["lua"].source(name).exists()}
    times = measure(chosen, problems, rounds, processor_time_of_iteration)
    print(f"\nSuite in the VM, default sizes, {rounds} rounds: processor time in ms, ratio of the VM to each engine")
    ratios, means = print_rows(chosen, times)
    worst = max(ratios, key=lambda name: ratios[name][0])
    print_verdicts([
        ("geometric mean to Lua", means[0], 0.8),
        ("geometric mean to LuaJIT -joff", means[1], 1.1),
        ("geometric mean to CPython", means[2], 1 / 3),
        (f"worst to Lua ({worst})", ratios[worst][0], 1.3),
        ("fibonacci to Lua", ratios["fibonacci"][0], 0.75),
        ("int loops (nested_loops) to Lua", ratios["nested_loops"][0], 1.2),
    ])
    print(f"slower than 1.3 x Lua: {slower_than(1.3, ratios, 0)}")


def print_library_table(build, rounds):
    every = engines(build)
    chosen = [every[name] for name in ("ruff:vm", "python", "node")]
    times = measure(chosen, LIBRARY, rounds, time_of_iteration)
    print(f"\nLibrary in the VM, {rounds} rounds: time in ms, ratio of the VM to each engine")
    ratios, means = print_rows(chosen, times)
    worst = max(ratios, key=lambda name: ratios[name][0])
    print_verdicts([(f"worst to CPython ({worst})", ratios[worst][0], 1.0), ("geometric mean to Node", means[1], 1.5)])
    print(f"slower than CPython: {slower_than(1.0, ratios, 0)}")
