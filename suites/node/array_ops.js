'use strict';
const { measure } = require('./rb');

function fill(size, seed) {
  let x = seed + 1;
  const values = [];
  for (let i = 0; i < size; i++) {
    x = (x * 48271) % 2147483647;
    values.push(x);
  }
  return values;
}

measure((size, seed) => {
  const values = fill(size, seed);
  const mapped = values.map((v) => v * 3 + 1);
  const kept = mapped.filter((v) => v % 2 === 0);
  return kept.reduce((acc, v) => (acc * 31 + v) % 1000000007, 7);
});
