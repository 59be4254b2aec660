from rb import measure


def escape(cr, ci):
    zr = zi = 0.0
    count = 0
    while count < 50 and zr * zr + zi * zi <= 4.0:
        next_zr = zr * zr - zi * zi + cr
        zi = 2.0 * zr * zi + ci
        zr = next_zr
        count += 1
    return count


def run(size, seed):
    shift = seed % 1000 / 1000000
    acc = 0
    for y in range(size):
        ci = 2.0 * y / size - 1.0
        for x in range(size):
            cr = 2.0 * x / size - 1.5 + shift
            acc = (acc * 31 + escape(cr, ci)) % 1000000007
    return acc


measure(run)
