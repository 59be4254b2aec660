from rb import measure

NAMES = ["alpha", "beta", "gamma", "delta", "omega"]
LETTERS = "AaBbDdEeGgHhLlMmOoPpTt_-,"


def make_text(size, seed):
    x = seed % 2147483646 + 1
    piece = ""
    while len(piece) < 10000:
        x = x * 48271 % 2147483647
        piece += f"{NAMES[x % 5]}_{x} {x // 5 % 100},"
    return piece * (size * 1000000 // len(piece))


def run(size, seed):
    text = make_text(size, seed).replace("_", "--").replace("beta", "omega")
    acc = len(text)
    for _ in range(1000):
        acc = (acc * 31 + LETTERS.find(text[acc % len(text)])) % 1000000007
    return acc


measure(run)
