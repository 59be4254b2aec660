'use strict';
const { measure } = require('./rb');

measure((size, seed) => {
  let x = (seed % 2147483646) + 1;
  let text = '';
  for (let i = 0; i < size; i++) {
    x = (x * 48271) % 2147483647;
    text += x % 10000;
    if (i % 10 === 9) text += ',';
  }
  let acc = text.length;
  for (const part of text.split(',')) {
    if (part !== '') acc = (acc * 31 + Number(part.slice(0, 9)) + part.length) % 1000000007;
  }
  return acc;
});
