'use strict';
const { measure } = require('./rb');

const CAPACITY = 200;
const NAMES = 1024;

// Slots 1..CAPACITY in a ring through slot 0; after[0] is the newest, before[0] the oldest.
class Cache {
  constructor() {
    this.slots = new Map();
    this.keys = new Array(CAPACITY + 1).fill('');
    this.values = new Array(CAPACITY + 1).fill(0);
    this.before = new Array(CAPACITY + 1).fill(0);
    this.after = new Array(CAPACITY + 1).fill(0);
    this.used = 0;
  }

  unlink(slot) {
    this.after[this.before[slot]] = this.after[slot];
    this.before[this.after[slot]] = this.before[slot];
  }

  putFirst(slot) {
    const first = this.after[0];
    this.before[slot] = 0;
    this.after[slot] = first;
    this.before[first] = slot;
    this.after[0] = slot;
  }

  get(key) {
    const slot = this.slots.get(key) ?? 0;
    if (slot === 0) return -1;
    this.unlink(slot);
    this.putFirst(slot);
    return this.values[slot];
  }

  put(key, value) {
    let slot = this.slots.get(key) ?? 0;
    if (slot !== 0) {
      this.unlink(slot);
    } else if (this.used < CAPACITY) {
      slot = ++this.used;
    } else {
      slot = this.before[0];
      this.unlink(slot);
      this.slots.delete(this.keys[slot]);
    }
    this.slots.set(key, slot);
    this.keys[slot] = key;
    this.values[slot] = value;
    this.putFirst(slot);
  }
}

measure((size, seed) => {
  let x = (seed % 2147483646) + 1;
  const names = [];
  for (let i = 0; i < NAMES; i++) names.push(`item${i}`);
  const cache = new Cache();
  let hits = 0;
  let acc = 0;
  for (let i = 0; i < size; i++) {
    x = (x * 48271) % 2147483647;
    const key = names[Math.floor(((x % NAMES) * (Math.floor(x / NAMES) % NAMES)) / NAMES)];
    const value = cache.get(key);
    if (value < 0) {
      cache.put(key, x);
    } else {
      hits++;
      acc = (acc * 31 + value) % 1000000007;
    }
  }
  for (let slot = cache.after[0]; slot !== 0; slot = cache.after[slot]) {
    acc = (acc * 31 + cache.values[slot]) % 1000000007;
  }
  return (acc * 31 + hits) % 1000000007;
});
