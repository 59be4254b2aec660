from rb import measure


def tak(x, y, z):
    if y >= x:
        return z
    return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y))


def run(size, seed):
    shift = seed % 1000
    return tak(size + shift, size * 2 // 3 + shift, size // 3 + shift)


measure(run)
