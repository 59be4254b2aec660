from rb import measure


class Rejected(Exception):
    def __init__(self, code):
        super().__init__(f"rejected {code}")
        self.code = code


def check(n, depth):
    if depth > 0:
        return check(n, depth - 1) + 1
    if n % 3 == 0:
        raise Rejected(n % 1000)
    return n % 1000


def guarded(n):
    try:
        return check(n, n % 8)
    except Rejected as e:
        if e.code % 2 == 0:
            raise
        return e.code * 2


def run(size, seed):
    x = seed % 2147483646 + 1
    acc = 0
    caught = 0
    for _ in range(size):
        x = x * 48271 % 2147483647
        try:
            acc = (acc * 31 + guarded(x)) % 1000000007
        except Rejected as e:
            caught += 1
            acc = (acc * 31 + e.code + len(str(e))) % 1000000007
    return (acc * 31 + caught) % 1000000007


measure(run)
