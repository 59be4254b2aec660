from functools import cmp_to_key

from rb import measure


class Record:
    __slots__ = ("key", "id")

    def __init__(self, key, id):
        self.key = key
        self.id = id


def compare(a, b):
    if a.key != b.key:
        return a.key - b.key
    return b.id - a.id


def run(size, seed):
    x = seed % 2147483646 + 1
    records = []
    for i in range(size):
        x = x * 48271 % 2147483647
        records.append(Record(x % (size // 4 + 1), i))
    records.sort(key=cmp_to_key(compare))
    acc = 0
    for r in records:
        acc = (acc * 31 + r.key * 7 + r.id) % 1000000007
    return acc


measure(run)
