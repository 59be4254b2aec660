import json

from rb import measure


def make_block(seed):
    x = seed % 2147483646 + 1
    block = []
    for _ in range(1000):
        x = x * 48271 % 2147483647
        block.append({
            "active": x % 2 == 0,
            "id": x,
            "label": f'item "{x % 1000}" \\ {x % 7}',
            "matrix": [x % 10, x // 10 % 10, [x // 100 % 10, None]],
            "ratio": x % 1000 + 0.5,
        })
    return block


def run(size, seed):
    block = make_block(seed)
    document = [block for _ in range(size)]
    text = json.dumps(document, separators=(",", ":"))
    acc = len(text)
    for _ in range(1000):
        acc = (acc * 31 + "0123456789".find(text[acc % len(text)])) % 1000000007
    return acc


measure(run)
