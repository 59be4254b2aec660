'use strict';
const { measure } = require('./rb');

measure((size, seed) => {
  const shift = seed % 1000;
  const composite = new Array(size + 1).fill(false);
  for (let p = 2; p * p <= size; p++) {
    if (composite[p]) continue;
    for (let multiple = p * p; multiple <= size; multiple += p) composite[multiple] = true;
  }
  let acc = 0;
  for (let n = 2; n <= size; n++) {
    if (!composite[n]) acc = (acc * 31 + n + shift) % 1000000007;
  }
  return acc;
});
