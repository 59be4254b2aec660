'use strict';
const { measure } = require('./rb');

const NAMES = ['alpha', 'beta', 'gamma', 'delta', 'omega'];

function makeText(size, seed) {
  let x = (seed % 2147483646) + 1;
  let piece = '';
  while (piece.length < 10000) {
    x = (x * 48271) % 2147483647;
    piece += `${NAMES[x % 5]}_${x} ${Math.floor(x / 5) % 100},`;
  }
  return piece.repeat(Math.floor((size * 1000000) / piece.length));
}

measure((size, seed) => {
  const parts = makeText(size, seed).split(',');
  const text = parts.join(';;');
  let acc = text.length;
  for (let i = 0; i < 1000; i++) acc = (acc * 31 + parts[acc % parts.length].length) % 1000000007;
  return (acc * 31 + text.indexOf(';;')) % 1000000007;
});
