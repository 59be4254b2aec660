'use strict';
const { measure } = require('./rb');

const CITIES = ['Oslo', 'Lima', 'Kyoto', 'Cairo', 'Paris', 'Quito', 'Delhi', 'Accra'];
const TAGS = ['new', 'gold', 'test', 'web', 'shop'];

function makeRecords(size, seed) {
  let x = (seed % 2147483646) + 1;
  const records = [];
  for (let i = 0; i < size; i++) {
    x = (x * 48271) % 2147483647;
    records.push({
      id: i,
      name: `user${x % 5000}`,
      age: (x % 80) + 10,
      address: { city: CITIES[Math.floor(x / 80) % 8], zip: (Math.floor(x / 640) % 90000) + 10000 },
      tags: [TAGS[x % 5], TAGS[Math.floor(x / 5) % 5]],
      score: 0,
    });
  }
  return records;
}

measure((size, seed) => {
  const records = makeRecords(size, seed);
  for (const record of records) {
    if (record.tags.includes('gold')) record.score += record.age * 3;
    if (record.address.city === 'Oslo') record.address.zip += 7;
    record.score += record.address.zip % 10;
  }
  const groups = new Map();
  for (const record of records) {
    if (record.age < 30) continue;
    const group = groups.get(record.address.city);
    if (group === undefined) {
      groups.set(record.address.city, { count: 1, score: record.score, oldest: record.age });
      continue;
    }
    group.count++;
    group.score += record.score;
    if (record.age > group.oldest) group.oldest = record.age;
  }
  let acc = 0;
  for (const city of [...groups.keys()].sort()) {
    const group = groups.get(city);
    acc = (acc * 31 + group.count * 1000 + group.score + group.oldest + city.length) % 1000000007;
  }
  for (const record of records) {
    acc = (acc * 31 + record.id + record.score + record.name.length) % 1000000007;
  }
  return acc;
});
