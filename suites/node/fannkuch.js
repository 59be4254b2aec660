'use strict';
const { measure } = require('./rb');

function flipsOf(perm) {
  let flips = 0;
  for (let first = perm[0]; first !== 0; first = perm[0]) {
    for (let i = 0, j = first; i < j; i++, j--) {
      const swap = perm[i];
      perm[i] = perm[j];
      perm[j] = swap;
    }
    flips++;
  }
  return flips;
}

measure((size, seed) => {
  const shift = seed % 1000;
  const perm1 = [];
  const perm = [];
  const count = [];
  for (let i = 0; i < size; i++) {
    perm1.push(i);
    perm.push(0);
    count.push(0);
  }
  let most = 0;
  let acc = 0;
  let r = size;
  for (;;) {
    for (; r > 1; r--) count[r - 1] = r;
    for (let i = 0; i < size; i++) perm[i] = perm1[i];
    const flips = flipsOf(perm);
    if (flips > most) most = flips;
    acc = (acc * 31 + flips + shift) % 1000000007;
    for (;;) {
      if (r === size) return acc * 1000 + most;
      const first = perm1[0];
      for (let i = 0; i < r; i++) perm1[i] = perm1[i + 1];
      perm1[r] = first;
      count[r]--;
      if (count[r] > 0) break;
      r++;
    }
  }
});
