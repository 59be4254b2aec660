from rb import measure


def make_counter(start, step):
    count = start

    def bump():
        nonlocal count
        count = (count + step) % 1000003
        return count

    return bump


def make_adder(n):
    return lambda v: (v + n) % 1000003


def compose(f, g):
    return lambda v: g(f(v))


def run(size, seed):
    shift = seed % 1000
    counters = [make_counter(i + shift, i * 7 + 1) for i in range(10)]
    acc = 0
    for i in range(size):
        bump = counters[i % 10]
        step = compose(make_adder(i), make_adder(shift))
        acc = (acc * 31 + bump() + step(acc)) % 1000003
    return acc


measure(run)
