from rb import measure


def run(size, seed):
    shift = seed % 1000
    composite = [False] * (size + 1)
    p = 2
    while p * p <= size:
        if not composite[p]:
            for multiple in range(p * p, size + 1, p):
                composite[multiple] = True
        p += 1
    acc = 0
    for n in range(2, size + 1):
        if not composite[n]:
            acc = (acc * 31 + n + shift) % 1000000007
    return acc


measure(run)
