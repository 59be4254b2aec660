'use strict';
const { measure } = require('./rb');

class Rejected extends Error {
  constructor(code) {
    super(`rejected ${code}`);
    this.code = code;
  }
}

function check(n, depth) {
  if (depth > 0) return check(n, depth - 1) + 1;
  if (n % 3 === 0) throw new Rejected(n % 1000);
  return n % 1000;
}

function guarded(n) {
  try {
    return check(n, n % 8);
  } catch (e) {
    if (e.code % 2 === 0) throw e;
    return e.code * 2;
  }
}

measure((size, seed) => {
  let x = (seed % 2147483646) + 1;
  let acc = 0;
  let caught = 0;
  for (let i = 0; i < size; i++) {
    x = (x * 48271) % 2147483647;
    try {
      acc = (acc * 31 + guarded(x)) % 1000000007;
    } catch (e) {
      caught++;
      acc = (acc * 31 + e.code + e.message.length) % 1000000007;
    }
  }
  return (acc * 31 + caught) % 1000000007;
});
