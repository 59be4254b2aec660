'use strict';
const { measure } = require('./rb');

measure((size, seed) => {
  let x = (seed % 2147483646) + 1;
  const keys = [];
  for (let i = 0; i < size; i++) {
    x = (x * 48271) % 2147483647;
    keys.push(`key_${x}`);
  }
  keys.sort();
  let acc = 0;
  for (let i = 0; i < size; i += 100) acc = (acc * 31 + Number(keys[i].slice(4))) % 1000000007;
  return acc;
});
