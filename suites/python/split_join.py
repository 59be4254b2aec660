from rb import measure

NAMES = ["alpha", "beta", "gamma", "delta", "omega"]


def make_text(size, seed):
    x = seed % 2147483646 + 1
    piece = ""
    while len(piece) < 10000:
        x = x * 48271 % 2147483647
        piece += f"{NAMES[x % 5]}_{x} {x // 5 % 100},"
    return piece * (size * 1000000 // len(piece))


def run(size, seed):
    parts = make_text(size, seed).split(",")
    text = ";;".join(parts)
    acc = len(text)
    for _ in range(1000):
        acc = (acc * 31 + len(parts[acc % len(parts)])) % 1000000007
    return (acc * 31 + text.find(";;")) % 1000000007


measure(run)
