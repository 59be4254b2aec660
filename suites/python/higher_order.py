from rb import measure


def apply_each(f, values):
    out = []
    for v in values:
        out.append(f(v))
    return out


def keep_if(keep, values):
    out = []
    for v in values:
        if keep(v):
            out.append(v)
    return out


def fold(f, acc, values):
    for v in values:
        acc = f(acc, v)
    return acc


def chain(functions):
    def apply(v):
        for f in functions:
            v = f(v)
        return v

    return apply


def run(size, seed):
    x = seed % 2147483646 + 1
    values = []
    for _ in range(size):
        x = x * 48271 % 2147483647
        values.append(x % 10007)
    stage = chain([
        lambda v: v + 3,
        lambda v: v * 7 % 10007,
        lambda v: 10007 - v,
        lambda v: v * v % 10007,
    ])
    acc = 0
    for round in range(5):
        values = apply_each(stage, values)
        kept = keep_if(lambda v: v % 3 != round % 3, values)
        acc = fold(lambda a, v: (a * 31 + v) % 1000000007, acc, kept)
    return acc


measure(run)
