from rb import measure


def run(size, seed):
    x = seed % 2147483646 + 1
    text = ""
    for i in range(size):
        x = x * 48271 % 2147483647
        text += str(x % 10000)
        if i % 10 == 9:
            text += ","
    acc = len(text)
    for part in text.split(","):
        if part != "":
            acc = (acc * 31 + int(part[:9]) + len(part)) % 1000000007
    return acc


measure(run)
