from rb import measure


def run(size, seed):
    x = seed % 2147483646 + 1
    items = []
    for _ in range(size):
        x = x * 48271 % 2147483647
        items.append(x % 100)
    acc = 0

    def permute(k):
        nonlocal acc
        if k == size:
            total = 0
            for i in range(size):
                total += items[i] * (i + 1)
            acc = (acc * 31 + total) % 1000000007
            return
        for i in range(k, size):
            items[k], items[i] = items[i], items[k]
            permute(k + 1)
            items[k], items[i] = items[i], items[k]

    permute(0)
    return acc


measure(run)
