'use strict';
const { measure } = require('./rb');

const LETTERS = 'abcdefgh';

function makeWord(size, x) {
  let word = '';
  for (let i = 0; i < size; i++) {
    x = (x * 48271) % 2147483647;
    word += LETTERS[x % 8];
  }
  return [word, x];
}

function distance(a, b) {
  const row = [];
  for (let j = 0; j <= b.length; j++) row.push(j);
  for (let i = 0; i < a.length; i++) {
    const letter = a[i];
    let diagonal = row[0];
    row[0] = i + 1;
    for (let j = 0; j < b.length; j++) {
      const cost = letter === b[j] ? diagonal : diagonal + 1;
      diagonal = row[j + 1];
      let best = diagonal + 1;
      if (row[j] + 1 < best) best = row[j] + 1;
      if (cost < best) best = cost;
      row[j + 1] = best;
    }
  }
  let acc = 0;
  for (const v of row) acc = (acc * 31 + v) % 1000000007;
  return acc;
}

measure((size, seed) => {
  const [a, x] = makeWord(size, (seed % 2147483646) + 1);
  const [b] = makeWord(size, x);
  return distance(a, b);
});
