from rb import measure


def run(size, seed):
    shift = seed % 1000
    acc = 0
    for i in range(size):
        for j in range(size):
            for k in range(size):
                acc = (acc * 31 + i * j + k + shift) % 1000003
    return acc


measure(run)
