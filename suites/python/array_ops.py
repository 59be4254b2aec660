from functools import reduce

from rb import measure


def fill(size, seed):
    x = seed + 1
    values = []
    for _ in range(size):
        x = x * 48271 % 2147483647
        values.append(x)
    return values


def run(size, seed):
    values = fill(size, seed)
    mapped = list(map(lambda v: v * 3 + 1, values))
    kept = list(filter(lambda v: v % 2 == 0, mapped))
    return reduce(lambda acc, v: (acc * 31 + v) % 1000000007, kept, 7)


measure(run)
