'use strict';
const { measure } = require('./rb');

measure((size, seed) => {
  let x = (seed % 2147483646) + 1;
  const numbers = [];
  for (let i = 0; i < size; i++) {
    x = (x * 48271) % 2147483647;
    numbers.push(x);
  }
  numbers.sort((a, b) => a - b);
  let acc = 0;
  for (let i = 0; i < size; i += 100) acc = (acc * 31 + numbers[i]) % 1000000007;
  return acc;
});
