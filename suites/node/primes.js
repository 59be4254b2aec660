'use strict';
const { measure } = require('./rb');

function isPrime(n) {
  if (n % 2 === 0) return n === 2;
  for (let d = 3; d * d <= n; d += 2) {
    if (n % d === 0) return false;
  }
  return n > 1;
}

measure((size, seed) => {
  const first = 100000 + (seed % 1000) * 100;
  let acc = 0;
  for (let n = first; n < first + size; n++) {
    if (isPrime(n)) acc = (acc * 31 + n) % 1000000007;
  }
  return acc;
});
