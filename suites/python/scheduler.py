from rb import measure

PRODUCER, WORKER, ROUTER, DEVICE = 0, 1, 2, 3


class Task:
    def __init__(self, kind, priority, peer):
        self.kind = kind
        self.priority = priority
        self.peer = peer
        self.inbox = []
        self.head = 0
        self.state = 0
        self.handled = 0

    def ready(self):
        return self.head < len(self.inbox)

    def receive(self):
        packet = self.inbox[self.head]
        self.head += 1
        if self.head == len(self.inbox):
            self.inbox = []
            self.head = 0
        self.handled += 1
        return packet


class Packet:
    __slots__ = ("value", "hops")

    def __init__(self, value, hops):
        self.value = value
        self.hops = hops


class Scheduler:
    def __init__(self, seed):
        self.x = seed % 2147483646 + 1
        self.left = 0
        self.sum = 0
        self.switches = 0
        self.tasks = [
            Task(PRODUCER, 1, 1), Task(ROUTER, 3, 2), Task(WORKER, 2, 5), Task(WORKER, 2, 6),
            Task(WORKER, 4, 5), Task(DEVICE, 5, 0), Task(DEVICE, 6, 0),
        ]

    def send(self, to, packet):
        packet.hops += 1
        self.tasks[to].inbox.append(packet)

    def pick(self):
        best = -1
        for i, task in enumerate(self.tasks):
            if task.ready() and (best < 0 or task.priority > self.tasks[best].priority):
                best = i
        return best

    def step(self, index):
        task = self.tasks[index]
        packet = task.receive()
        if task.kind == PRODUCER:
            if self.left > 0:
                self.left -= 1
                self.x = self.x * 48271 % 2147483647
                self.send(task.peer, Packet(self.x, packet.hops))
                if self.x % 3 == 0 and self.left > 0:
                    self.left -= 1
                    self.send(task.peer, Packet(self.x // 3, 0))
        elif task.kind == ROUTER:
            self.send(task.peer + packet.value % 3, packet)
        elif task.kind == WORKER:
            task.state = (task.state * 31 + packet.value) % 65536
            packet.value = (packet.value + task.state) % 2147483647
            self.send(task.peer, packet)
        else:
            self.sum = (self.sum * 31 + packet.value + packet.hops) % 1000000007
            task.state += 1
            self.send(task.peer, packet)

    def run(self, count):
        self.left = count
        self.send(0, Packet(0, 0))
        index = self.pick()
        while index >= 0:
            self.switches += 1
            self.step(index)
            index = self.pick()
        acc = self.sum
        for task in self.tasks:
            acc = (acc * 31 + task.handled * 7 + task.state) % 1000000007
        return (acc * 31 + self.switches) % 1000000007


measure(lambda size, seed: Scheduler(seed).run(size))
