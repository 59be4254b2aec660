import json

from rb import measure


def make_document(size, seed):
    x = seed % 2147483646 + 1
    items = []
    for i in range(size):
        x = x * 48271 % 2147483647
        items.append({
            "active": x % 2 == 0,
            "id": i,
            "label": f'item "{x % 1000}" \\ {x % 7}',
            "matrix": [x % 10, x // 10 % 10, [x // 100 % 10, None]],
            "ratio": x % 1000 + 0.5,
        })
    return {"count": size, "items": items}


def run(size, seed):
    document = make_document(size, seed)
    text = json.dumps(document, separators=(",", ":"))
    acc = len(text)
    for _ in range(2):
        document = json.loads(text)
        text = json.dumps(document, separators=(",", ":"))
    for item in document["items"]:
        acc = (acc * 31 + item["id"] + len(item["label"]) + item["matrix"][2][0]) % 1000000007
        if item["active"]:
            acc = (acc + int(item["ratio"] * 2)) % 1000000007
    return (acc * 31 + len(text)) % 1000000007


measure(run)
