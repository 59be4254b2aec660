'use strict';
const { measure } = require('./rb');

function escape(cr, ci) {
  let zr = 0;
  let zi = 0;
  let count = 0;
  while (count < 50 && zr * zr + zi * zi <= 4) {
    const next = zr * zr - zi * zi + cr;
    zi = 2 * zr * zi + ci;
    zr = next;
    count++;
  }
  return count;
}

measure((size, seed) => {
  const shift = (seed % 1000) / 1000000;
  let acc = 0;
  for (let y = 0; y < size; y++) {
    const ci = (2 * y) / size - 1;
    for (let x = 0; x < size; x++) {
      const cr = (2 * x) / size - 1.5 + shift;
      acc = (acc * 31 + escape(cr, ci)) % 1000000007;
    }
  }
  return acc;
});
