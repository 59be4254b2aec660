from rb import measure

CAPACITY = 200
NAMES = 1024


class Cache:
    """Slots 1..CAPACITY in a ring through slot 0; after[0] is the newest, before[0] the oldest."""

    def __init__(self):
        self.slots = {}
        self.keys = [""] * (CAPACITY + 1)
        self.values = [0] * (CAPACITY + 1)
        self.before = [0] * (CAPACITY + 1)
        self.after = [0] * (CAPACITY + 1)
        self.used = 0

    def unlink(self, slot):
        self.after[self.before[slot]] = self.after[slot]
        self.before[self.after[slot]] = self.before[slot]

    def put_first(self, slot):
        first = self.after[0]
        self.before[slot] = 0
        self.after[slot] = first
        self.before[first] = slot
        self.after[0] = slot

    def get(self, key):
        slot = self.slots.get(key, 0)
        if slot == 0:
            return -1
        self.unlink(slot)
        self.put_first(slot)
        return self.values[slot]

    def put(self, key, value):
        slot = self.slots.get(key, 0)
        if slot != 0:
            self.unlink(slot)
        elif self.used < CAPACITY:
            self.used += 1
            slot = self.used
        else:
            slot = self.before[0]
            self.unlink(slot)
            del self.slots[self.keys[slot]]
        self.slots[key] = slot
        self.keys[slot] = key
        self.values[slot] = value
        self.put_first(slot)


def run(size, seed):
    x = seed % 2147483646 + 1
    names = [f"item{i}" for i in range(NAMES)]
    cache = Cache()
    hits = 0
    acc = 0
    for _ in range(size):
        x = x * 48271 % 2147483647
        key = names[x % NAMES * (x // NAMES % NAMES) // NAMES]
        value = cache.get(key)
        if value < 0:
            cache.put(key, x)
        else:
            hits += 1
            acc = (acc * 31 + value) % 1000000007
    slot = cache.after[0]
    while slot != 0:
        acc = (acc * 31 + cache.values[slot]) % 1000000007
        slot = cache.after[slot]
    return (acc * 31 + hits) % 1000000007


measure(run)
