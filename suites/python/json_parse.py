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
    block = json.dumps(make_block(seed), separators=(",", ":"))
    text = "[" + (block + ",") * (size - 1) + block + "]"
    document = json.loads(text)
    acc = len(text)
    for part in document:
        for i in range(0, 1000, 100):
            record = part[i]
            acc = (acc * 31 + record["id"] + len(record["label"]) + record["matrix"][2][0]
                   + int(record["ratio"] * 2)) % 1000000007
    return acc


measure(run)
