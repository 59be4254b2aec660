'use strict';
const { measure } = require('./rb');

function ackermann(m, n) {
  if (m === 0) return n + 1;
  if (n === 0) return ackermann(m - 1, 1);
  return ackermann(m - 1, ackermann(m, n - 1));
}

measure((size, seed) => ackermann(3, size) + ackermann(2, seed % 32));
