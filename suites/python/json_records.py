from rb import measure

CITIES = ["Oslo", "Lima", "Kyoto", "Cairo", "Paris", "Quito", "Delhi", "Accra"]
TAGS = ["new", "gold", "test", "web", "shop"]


def make_records(size, seed):
    x = seed % 2147483646 + 1
    records = []
    for i in range(size):
        x = x * 48271 % 2147483647
        records.append({
            "id": i,
            "name": f"user{x % 5000}",
            "age": x % 80 + 10,
            "address": {"city": CITIES[x // 80 % 8], "zip": x // 640 % 90000 + 10000},
            "tags": [TAGS[x % 5], TAGS[x // 5 % 5]],
            "score": 0,
        })
    return records


def run(size, seed):
    records = make_records(size, seed)
    for record in records:
        if "gold" in record["tags"]:
            record["score"] += record["age"] * 3
        if record["address"]["city"] == "Oslo":
            record["address"]["zip"] += 7
        record["score"] += record["address"]["zip"] % 10
    groups = {}
    for record in records:
        if record["age"] < 30:
            continue
        city = record["address"]["city"]
        group = groups.get(city)
        if group is None:
            groups[city] = {"count": 1, "score": record["score"], "oldest": record["age"]}
            continue
        group["count"] += 1
        group["score"] += record["score"]
        if record["age"] > group["oldest"]:
            group["oldest"] = record["age"]
    acc = 0
    for city in sorted(groups):
        group = groups[city]
        acc = (acc * 31 + group["count"] * 1000 + group["score"] + group["oldest"] + len(city)) % 1000000007
    for record in records:
        acc = (acc * 31 + record["id"] + record["score"] + len(record["name"])) % 1000000007
    return acc


measure(run)
