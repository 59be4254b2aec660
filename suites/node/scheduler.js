'use strict';
const { measure } = require('./rb');

const PRODUCER = 0;
const WORKER = 1;
const ROUTER = 2;
const DEVICE = 3;

class Packet {
  constructor(value, hops) {
    this.value = value;
    this.hops = hops;
  }
}

class Task {
  constructor(kind, priority, peer) {
    this.kind = kind;
    this.priority = priority;
    this.peer = peer;
    this.inbox = [];
    this.head = 0;
    this.state = 0;
    this.handled = 0;
  }

  ready() {
    return this.head < this.inbox.length;
  }

  receive() {
    const packet = this.inbox[this.head];
    this.head++;
    if (this.head === this.inbox.length) {
      this.inbox = [];
      this.head = 0;
    }
    this.handled++;
    return packet;
  }
}

class Scheduler {
  constructor(seed) {
    this.x = (seed % 2147483646) + 1;
    this.left = 0;
    this.sum = 0;
    this.switches = 0;
    this.tasks = [
      new Task(PRODUCER, 1, 1),
      new Task(ROUTER, 3, 2),
      new Task(WORKER, 2, 5),
      new Task(WORKER, 2, 6),
      new Task(WORKER, 4, 5),
      new Task(DEVICE, 5, 0),
      new Task(DEVICE, 6, 0),
    ];
  }

  send(to, packet) {
    packet.hops++;
    this.tasks[to].inbox.push(packet);
  }

  pick() {
    let best = -1;
    for (let i = 0; i < this.tasks.length; i++) {
      const task = this.tasks[i];
      if (task.ready() && (best < 0 || task.priority > this.tasks[best].priority)) best = i;
    }
    return best;
  }

  step(index) {
    const task = this.tasks[index];
    const packet = task.receive();
    if (task.kind === PRODUCER) {
      if (this.left > 0) {
        this.left--;
        this.x = (this.x * 48271) % 2147483647;
        this.send(task.peer, new Packet(this.x, packet.hops));
        if (this.x % 3 === 0 && this.left > 0) {
          this.left--;
          this.send(task.peer, new Packet(Math.floor(this.x / 3), 0));
        }
      }
    } else if (task.kind === ROUTER) {
      this.send(task.peer + (packet.value % 3), packet);
    } else if (task.kind === WORKER) {
      task.state = (task.state * 31 + packet.value) % 65536;
      packet.value = (packet.value + task.state) % 2147483647;
      this.send(task.peer, packet);
    } else {
      this.sum = (this.sum * 31 + packet.value + packet.hops) % 1000000007;
      task.state++;
      this.send(task.peer, packet);
    }
  }

  run(count) {
    this.left = count;
    this.send(0, new Packet(0, 0));
    for (let index = this.pick(); index >= 0; index = this.pick()) {
      this.switches++;
      this.step(index);
    }
    let acc = this.sum;
    for (const task of this.tasks) acc = (acc * 31 + task.handled * 7 + task.state) % 1000000007;
    return (acc * 31 + this.switches) % 1000000007;
  }
}

measure((size, seed) => new Scheduler(seed).run(size));
