'use strict';
const { measure } = require('./rb');

function fib(n) {
  if (n < 2) return n;
  return fib(n - 1) + fib(n - 2);
}

measure((size, seed) => fib(size) + fib(seed % 16));
