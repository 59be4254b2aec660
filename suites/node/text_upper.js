'use strict';
const { measure } = require('./rb');

const NAMES = ['alpha', 'beta', 'gamma', 'delta', 'omega'];
const LETTERS = 'AaBbDdEeGgHhLlMmOoPpTt_-,';

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
  const text = makeText(size, seed).toUpperCase();
  let acc = text.length;
  for (let i = 0; i < 1000; i++) acc = (acc * 31 + LETTERS.indexOf(text[acc % text.length])) % 1000000007;
  return acc;
});
