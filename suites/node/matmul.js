'use strict';
const { measure } = require('./rb');

function fill(n, x) {
  const rows = [];
  for (let i = 0; i < n; i++) {
    const row = [];
    for (let j = 0; j < n; j++) {
      x = (x * 48271) % 2147483647;
      row.push((x % 1000) / 1000);
    }
    rows.push(row);
  }
  return [rows, x];
}

function multiply(a, b, n) {
  const c = [];
  for (let i = 0; i < n; i++) {
    const left = a[i];
    const row = [];
    for (let j = 0; j < n; j++) {
      let total = 0;
      for (let k = 0; k < n; k++) total += left[k] * b[k][j];
      row.push(total);
    }
    c.push(row);
  }
  return c;
}

measure((size, seed) => {
  const [a, x] = fill(size, (seed % 2147483646) + 1);
  const [b] = fill(size, x);
  const c = multiply(a, b, size);
  let acc = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) acc += c[i][j] * (((i * size + j) % 10) + 1);
  }
  return acc.toFixed(6);
});
