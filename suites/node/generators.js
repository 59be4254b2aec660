'use strict';
const { measure } = require('./rb');

function* numbers(seed) {
  let x = (seed % 2147483646) + 1;
  for (;;) {
    x = (x * 48271) % 2147483647;
    yield x;
  }
}

function* keepOdd(source) {
  for (const v of source) if (v % 2 === 1) yield v;
}

function* differences(source) {
  let last = 0;
  for (const v of source) {
    yield Math.abs(v - last);
    last = v;
  }
}

function* take(source, count) {
  if (count <= 0) return;
  for (const v of source) {
    yield v;
    if (--count === 0) return;
  }
}

measure((size, seed) => {
  let acc = 0;
  for (const v of take(differences(keepOdd(numbers(seed))), size)) {
    acc = (acc * 31 + v) % 1000000007;
  }
  return acc;
});
