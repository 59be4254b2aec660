'use strict';
const { measure } = require('./rb');

const SYLLABLES = ['ba', 'do', 'ki', 'lu', 'me', 'no', 'pa', 'ri', 'so', 'tu', 'va', 'ze', 'an', 'el', 'or', 'us'];

function makeText(size, seed) {
  let x = (seed % 2147483646) + 1;
  const vocabulary = [];
  for (let i = 0; i < 1000; i++) {
    let word = '';
    x = (x * 48271) % 2147483647;
    for (let left = (x % 3) + 2; left > 0; left--) {
      x = (x * 48271) % 2147483647;
      word += SYLLABLES[x % 16];
    }
    vocabulary.push(word);
  }
  const words = [];
  for (let i = 0; i < size; i++) {
    x = (x * 48271) % 2147483647;
    const word = vocabulary[Math.floor(((x % 1000) * (Math.floor(x / 1000) % 1000)) / 1000)];
    words.push(i % 7 === 0 ? word.toUpperCase() : word);
  }
  return words.join(' ');
}

measure((size, seed) => {
  const counts = new Map();
  for (const text of makeText(size, seed).split(/\s+/)) {
    const word = text.toLowerCase();
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const ranked = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  let acc = ranked.length;
  for (const [word, count] of ranked) acc = (acc * 31 + count * 10 + word.length) % 1000000007;
  return acc;
});
