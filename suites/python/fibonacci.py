from rb import measure


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


measure(lambda size, seed: fib(size) + fib(seed % 16))
