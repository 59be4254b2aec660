import sys

from rb import measure

sys.setrecursionlimit(20000)


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


measure(lambda size, seed: ackermann(3, size) + ackermann(2, seed % 32))
