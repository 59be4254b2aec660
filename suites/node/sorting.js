'use strict';
const { measure } = require('./rb');

function compare(a, b) {
  if (a.key !== b.key) return a.key - b.key;
  return b.id - a.id;
}

measure((size, seed) => {
  let x = (seed % 2147483646) + 1;
  const records = [];
  for (let i = 0; i < size; i++) {
    x = (x * 48271) % 2147483647;
    records.push({ key: x % (Math.floor(size / 4) + 1), id: i });
  }
  records.sort(compare);
  let acc = 0;
  for (const r of records) acc = (acc * 31 + r.key * 7 + r.id) % 1000000007;
  return acc;
});
