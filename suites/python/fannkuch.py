from rb import measure


def flips_of(perm):
    flips = 0
    first = perm[0]
    while first != 0:
        i, j = 0, first
        while i < j:
            perm[i], perm[j] = perm[j], perm[i]
            i += 1
            j -= 1
        flips += 1
        first = perm[0]
    return flips


def run(size, seed):
    shift = seed % 1000
    perm1 = list(range(size))
    count = [0] * size
    most = 0
    acc = 0
    r = size
    while True:
        while r > 1:
            count[r - 1] = r
            r -= 1
        flips = flips_of(perm1[:])
        if flips > most:
            most = flips
        acc = (acc * 31 + flips + shift) % 1000000007
        while True:
            if r == size:
                return acc * 1000 + most
            first = perm1[0]
            for i in range(r):
                perm1[i] = perm1[i + 1]
            perm1[r] = first
            count[r] -= 1
            if count[r] > 0:
                break
            r += 1


measure(run)
