'use strict';
const { measure } = require('./rb');

function makeDocument(size, seed) {
  let x = (seed % 2147483646) + 1;
  const items = [];
  for (let i = 0; i < size; i++) {
    x = (x * 48271) % 2147483647;
    items.push({
      active: x % 2 === 0,
      id: i,
      label: `item "${x % 1000}" \\ ${x % 7}`,
      matrix: [x % 10, Math.floor(x / 10) % 10, [Math.floor(x / 100) % 10, null]],
      ratio: (x % 1000) + 0.5,
    });
  }
  return { count: size, items };
}

measure((size, seed) => {
  let doc = makeDocument(size, seed);
  let text = JSON.stringify(doc);
  let acc = text.length;
  for (let i = 0; i < 2; i++) {
    doc = JSON.parse(text);
    text = JSON.stringify(doc);
  }
  for (const item of doc.items) {
    acc = (acc * 31 + item.id + item.label.length + item.matrix[2][0]) % 1000000007;
    if (item.active) acc = (acc + Math.floor(item.ratio * 2)) % 1000000007;
  }
  return (acc * 31 + text.length) % 1000000007;
});
