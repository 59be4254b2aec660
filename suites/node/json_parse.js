'use strict';
const { measure } = require('./rb');

function makeBlock(seed) {
  let x = (seed % 2147483646) + 1;
  const block = [];
  for (let i = 0; i < 1000; i++) {
    x = (x * 48271) % 2147483647;
    block.push({
      active: x % 2 === 0,
      id: x,
      label: `item "${x % 1000}" \\ ${x % 7}`,
      matrix: [x % 10, Math.floor(x / 10) % 10, [Math.floor(x / 100) % 10, null]],
      ratio: (x % 1000) + 0.5,
    });
  }
  return block;
}

measure((size, seed) => {
  const block = JSON.stringify(makeBlock(seed));
  const text = '[' + (block + ',').repeat(size - 1) + block + ']';
  const doc = JSON.parse(text);
  let acc = text.length;
  for (const part of doc) {
    for (let i = 0; i < 1000; i += 100) {
      const record = part[i];
      acc = (acc * 31 + record.id + record.label.length + record.matrix[2][0] + Math.floor(record.ratio * 2)) % 1000000007;
    }
  }
  return acc;
});
