from rb import measure


def fill(size, seed):
    x = seed % 2147483646 + 1
    values = []
    for _ in range(size):
        x = x * 48271 % 2147483647
        values.append(x)
    return values


def quicksort(values, low, high):
    pivot = values[(low + high) // 2]
    i, j = low, high
    while i <= j:
        while values[i] < pivot:
            i += 1
        while values[j] > pivot:
            j -= 1
        if i <= j:
            values[i], values[j] = values[j], values[i]
            i += 1
            j -= 1
    if low < j:
        quicksort(values, low, j)
    if i < high:
        quicksort(values, i, high)


def run(size, seed):
    values = fill(size, seed)
    quicksort(values, 0, size - 1)
    acc = 0
    for v in values:
        acc = (acc * 31 + v) % 1000000007
    return acc


measure(run)
