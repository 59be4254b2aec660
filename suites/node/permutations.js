'use strict';
const { measure } = require('./rb');

measure((size, seed) => {
  let x = (seed % 2147483646) + 1;
  const items = [];
  for (let i = 0; i < size; i++) {
    x = (x * 48271) % 2147483647;
    items.push(x % 100);
  }
  let acc = 0;

  function permute(k) {
    if (k === size) {
      let total = 0;
      for (let i = 0; i < size; i++) total += items[i] * (i + 1);
      acc = (acc * 31 + total) % 1000000007;
      return;
    }
    for (let i = k; i < size; i++) {
      let swap = items[k];
      items[k] = items[i];
      items[i] = swap;
      permute(k + 1);
      swap = items[k];
      items[k] = items[i];
      items[i] = swap;
    }
  }

  permute(0);
  return acc;
});
