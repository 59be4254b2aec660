'use strict';
const { measure } = require('./rb');

function stepsOf(n) {
  let steps = 0;
  while (n !== 1) {
    if (n % 2 === 0) n /= 2;
    else n = n * 3 + 1;
    steps++;
  }
  return steps;
}

measure((size, seed) => {
  const first = (seed % 1000) + 1;
  let acc = 0;
  for (let n = first; n < first + size; n++) {
    acc = (acc * 31 + stepsOf(n)) % 1000000007;
  }
  return acc;
});
