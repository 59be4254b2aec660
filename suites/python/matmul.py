from rb import measure


def fill(n, x):
    rows = []
    for _ in range(n):
        row = []
        for _ in range(n):
            x = x * 48271 % 2147483647
            row.append(x % 1000 / 1000)
        rows.append(row)
    return rows, x


def multiply(a, b, n):
    c = []
    for i in range(n):
        left = a[i]
        row = []
        for j in range(n):
            total = 0.0
            for k in range(n):
                total += left[k] * b[k][j]
            row.append(total)
        c.append(row)
    return c


def run(size, seed):
    a, x = fill(size, seed % 2147483646 + 1)
    b, _ = fill(size, x)
    c = multiply(a, b, size)
    acc = 0.0
    for i in range(size):
        for j in range(size):
            acc += c[i][j] * ((i * size + j) % 10 + 1)
    return f"{acc:.6f}"


measure(run)
