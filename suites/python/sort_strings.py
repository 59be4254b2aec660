from rb import measure


def run(size, seed):
    x = seed % 2147483646 + 1
    keys = []
    for _ in range(size):
        x = x * 48271 % 2147483647
        keys.append(f"key_{x}")
    keys.sort()
    acc = 0
    for i in range(0, size, 100):
        acc = (acc * 31 + int(keys[i][4:])) % 1000000007
    return acc


measure(run)
