from rb import measure

ROUNDS = 20


class Particle:
    __slots__ = ("x", "y", "vx", "vy", "hits")

    def __init__(self, x, y, vx, vy):
        self.x = x
        self.y = y
        self.vx = vx
        self.vy = vy
        self.hits = 0

    def move(self):
        self.x += self.vx
        if self.x < 0 or self.x >= 1000:
            self.vx = -self.vx
            self.x += self.vx
            self.hits += 1
        self.y += self.vy
        if self.y < 0 or self.y >= 1000:
            self.vy = -self.vy
            self.y += self.vy
            self.hits += 1

    def weight(self):
        return self.x * 1000 + self.y + self.hits


def run(size, seed):
    x = seed % 2147483646 + 1
    particles = []
    for _ in range(size):
        x = x * 48271 % 2147483647
        particles.append(Particle(x % 1000, x // 1000 % 1000, x // 7 % 41 - 20, x // 11 % 41 - 20))
    acc = 0
    for _ in range(ROUNDS):
        for p in particles:
            p.move()
        for p in particles:
            acc = (acc * 31 + p.weight()) % 1000000007
    return acc


measure(run)
