'use strict';
const { measure } = require('./rb');

function fill(size, seed) {
  let x = (seed % 2147483646) + 1;
  const values = [];
  for (let i = 0; i < size; i++) {
    x = (x * 48271) % 2147483647;
    values.push(x);
  }
  return values;
}

function quicksort(values, low, high) {
  const pivot = values[Math.floor((low + high) / 2)];
  let i = low;
  let j = high;
  while (i <= j) {
    while (values[i] < pivot) i++;
    while (values[j] > pivot) j--;
    if (i <= j) {
      const swap = values[i];
      values[i] = values[j];
      values[j] = swap;
      i++;
      j--;
    }
  }
  if (low < j) quicksort(values, low, j);
  if (i < high) quicksort(values, i, high);
}

measure((size, seed) => {
  const values = fill(size, seed);
  quicksort(values, 0, size - 1);
  let acc = 0;
  for (const v of values) acc = (acc * 31 + v) % 1000000007;
  return acc;
});
