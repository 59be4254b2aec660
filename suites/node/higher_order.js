'use strict';
const { measure } = require('./rb');

function applyEach(f, values) {
  const out = [];
  for (const v of values) out.push(f(v));
  return out;
}

function keepIf(keep, values) {
  const out = [];
  for (const v of values) if (keep(v)) out.push(v);
  return out;
}

function fold(f, acc, values) {
  for (const v of values) acc = f(acc, v);
  return acc;
}

function chain(functions) {
  return (v) => {
    for (const f of functions) v = f(v);
    return v;
  };
}

measure((size, seed) => {
  let x = (seed % 2147483646) + 1;
  let values = [];
  for (let i = 0; i < size; i++) {
    x = (x * 48271) % 2147483647;
    values.push(x % 10007);
  }
  const stage = chain([
    (v) => v + 3,
    (v) => (v * 7) % 10007,
    (v) => 10007 - v,
    (v) => (v * v) % 10007,
  ]);
  let acc = 0;
  for (let round = 0; round < 5; round++) {
    values = applyEach(stage, values);
    const kept = keepIf((v) => v % 3 !== round % 3, values);
    acc = fold((a, v) => (a * 31 + v) % 1000000007, acc, kept);
  }
  return acc;
});
