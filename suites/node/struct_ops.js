'use strict';
const { measure } = require('./rb');

const ROUNDS = 20;

class Particle {
  constructor(x, y, vx, vy) {
    this.x = x;
    this.y = y;
    this.vx = vx;
    this.vy = vy;
    this.hits = 0;
  }

  move() {
    this.x += this.vx;
    if (this.x < 0 || this.x >= 1000) {
      this.vx = -this.vx;
      this.x += this.vx;
      this.hits++;
    }
    this.y += this.vy;
    if (this.y < 0 || this.y >= 1000) {
      this.vy = -this.vy;
      this.y += this.vy;
      this.hits++;
    }
  }

  weight() {
    return this.x * 1000 + this.y + this.hits;
  }
}

measure((size, seed) => {
  let x = (seed % 2147483646) + 1;
  const particles = [];
  for (let i = 0; i < size; i++) {
    x = (x * 48271) % 2147483647;
    particles.push(
      new Particle(x % 1000, Math.floor(x / 1000) % 1000, (Math.floor(x / 7) % 41) - 20, (Math.floor(x / 11) % 41) - 20)
    );
  }
  let acc = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const p of particles) p.move();
    for (const p of particles) acc = (acc * 31 + p.weight()) % 1000000007;
  }
  return acc;
});
