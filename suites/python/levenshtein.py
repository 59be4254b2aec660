from rb import measure

LETTERS = "abcdefgh"


def make_word(size, x):
    word = ""
    for _ in range(size):
        x = x * 48271 % 2147483647
        word += LETTERS[x % 8]
    return word, x


def distance(a, b):
    row = list(range(len(b) + 1))
    for i in range(len(a)):
        letter = a[i]
        diagonal = row[0]
        row[0] = i + 1
        for j in range(len(b)):
            cost = diagonal if letter == b[j] else diagonal + 1
            diagonal = row[j + 1]
            best = diagonal + 1
            if row[j] + 1 < best:
                best = row[j] + 1
            if cost < best:
                best = cost
            row[j + 1] = best
    acc = 0
    for v in row:
        acc = (acc * 31 + v) % 1000000007
    return acc


def run(size, seed):
    a, x = make_word(size, seed % 2147483646 + 1)
    b, x = make_word(size, x)
    return distance(a, b)


measure(run)
