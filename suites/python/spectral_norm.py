from math import sqrt

from rb import measure


def element(i, j, shift):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1 + shift)


def times(v, shift):
    n = len(v)
    out = []
    for i in range(n):
        total = 0.0
        for j in range(n):
            total += element(i, j, shift) * v[j]
        out.append(total)
    return out


def times_transposed(v, shift):
    n = len(v)
    out = []
    for i in range(n):
        total = 0.0
        for j in range(n):
            total += element(j, i, shift) * v[j]
        out.append(total)
    return out


def run(size, seed):
    shift = seed % 1000
    u = [1.0] * size
    v = u
    for _ in range(10):
        v = times_transposed(times(u, shift), shift)
        u = times_transposed(times(v, shift), shift)
    uv = vv = 0.0
    for i in range(size):
        uv += u[i] * v[i]
        vv += v[i] * v[i]
    return f"{sqrt(uv / vv):.9f}"


measure(run)
