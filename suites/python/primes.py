from rb import measure


def is_prime(n):
    if n % 2 == 0:
        return n == 2
    d = 3
    while d * d <= n:
        if n % d == 0:
            return False
        d += 2
    return n > 1


def run(size, seed):
    first = 100000 + seed % 1000 * 100
    acc = 0
    for n in range(first, first + size):
        if is_prime(n):
            acc = (acc * 31 + n) % 1000000007
    return acc


measure(run)
