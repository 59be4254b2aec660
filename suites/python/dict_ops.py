from rb import measure


def run(size, seed):
    x = seed % 2147483646 + 1
    table = {}
    for i in range(size):
        x = x * 48271 % 2147483647
        key = f"key{x % size}"
        table[key] = table.get(key, 0) + i
    found = missed = deleted = 0
    for _ in range(size):
        x = x * 48271 % 2147483647
        key = f"key{x % size}"
        value = table.get(key)
        if value is None:
            missed += 1
        else:
            found = (found + value) % 1000000007
    for _ in range(size // 2):
        x = x * 48271 % 2147483647
        key = f"key{x % size}"
        if table.pop(key, None) is not None:
            deleted += 1
    total = 0
    for key, value in table.items():
        total = (total + value * len(key)) % 1000000007
    return (((found * 31 + missed) % 1000000007 * 31 + deleted) % 1000000007 * 31 + total) % 1000000007


measure(run)
