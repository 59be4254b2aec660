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
  const block = makeBlock(seed);
  const doc = [];
  for (let i = 0; i < size; i++) doc.push(block);
  const text = JSON.stringify(doc);
  let acc = text.length;
  for (let i = 0; i < 1000; i++) acc = (acc * 31 + '0123456789'.indexOf(text[acc % text.length])) % 1000000007;
  return acc;
});
