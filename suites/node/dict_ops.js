'use strict';
const { measure } = require('./rb');

const MODULUS = 1000000007;

measure((size, seed) => {
  let x = (seed % 2147483646) + 1;
  const next = () => {
    x = (x * 48271) % 2147483647;
    return `key${x % size}`;
  };
  const table = new Map();
  for (let i = 0; i < size; i++) {
    const key = next();
    table.set(key, (table.get(key) ?? 0) + i);
  }
  let found = 0;
  let missed = 0;
  let deleted = 0;
  for (let i = 0; i < size; i++) {
    const value = table.get(next());
    if (value === undefined) missed++;
    else found = (found + value) % MODULUS;
  }
  const removals = Math.floor(size / 2);
  for (let i = 0; i < removals; i++) {
    if (table.delete(next())) deleted++;
  }
  let total = 0;
  for (const [key, value] of table) total = (total + value * key.length) % MODULUS;
  return (((((found * 31 + missed) % MODULUS) * 31 + deleted) % MODULUS) * 31 + total) % MODULUS;
});
