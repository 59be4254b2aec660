from rb import measure


def run(size, seed):
    x = seed % 2147483646 + 1
    numbers = []
    for _ in range(size):
        x = x * 48271 % 2147483647
        numbers.append(x)
    numbers.sort()
    acc = 0
    for i in range(0, size, 100):
        acc = (acc * 31 + numbers[i]) % 1000000007
    return acc


measure(run)
