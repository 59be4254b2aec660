from rb import measure


def steps_of(n):
    steps = 0
    while n != 1:
        if n % 2 == 0:
            n //= 2
        else:
            n = n * 3 + 1
        steps += 1
    return steps


def run(size, seed):
    first = seed % 1000 + 1
    acc = 0
    for n in range(first, first + size):
        acc = (acc * 31 + steps_of(n)) % 1000000007
    return acc


measure(run)
