'use strict';
const { measure } = require('./rb');

function element(i, j, shift) {
  return 1 / (((i + j) * (i + j + 1)) / 2 + i + 1 + shift);
}

function times(v, shift) {
  const n = v.length;
  const out = [];
  for (let i = 0; i < n; i++) {
    let total = 0;
    for (let j = 0; j < n; j++) total += element(i, j, shift) * v[j];
    out.push(total);
  }
  return out;
}

function timesTransposed(v, shift) {
  const n = v.length;
  const out = [];
  for (let i = 0; i < n; i++) {
    let total = 0;
    for (let j = 0; j < n; j++) total += element(j, i, shift) * v[j];
    out.push(total);
  }
  return out;
}

measure((size, seed) => {
  const shift = seed % 1000;
  let u = new Array(size).fill(1);
  let v = u;
  for (let i = 0; i < 10; i++) {
    v = timesTransposed(times(u, shift), shift);
    u = timesTransposed(times(v, shift), shift);
  }
  let uv = 0;
  let vv = 0;
  for (let i = 0; i < size; i++) {
    uv += u[i] * v[i];
    vv += v[i] * v[i];
  }
  return Math.sqrt(uv / vv).toFixed(9);
});
