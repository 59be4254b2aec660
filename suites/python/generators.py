from rb import measure


def numbers(seed):
    x = seed % 2147483646 + 1
    while True:
        x = x * 48271 % 2147483647
        yield x


def keep_odd(source):
    for v in source:
        if v % 2 == 1:
            yield v


def differences(source):
    last = 0
    for v in source:
        yield v - last if v > last else last - v
        last = v


def take(source, count):
    if count > 0:
        for v in source:
            yield v
            count -= 1
            if count == 0:
                return


def run(size, seed):
    acc = 0
    for v in take(differences(keep_odd(numbers(seed))), size):
        acc = (acc * 31 + v) % 1000000007
    return acc


measure(run)
