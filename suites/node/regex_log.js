'use strict';
const { measure } = require('./rb');

const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'];
const PATHS = ['/index.html', '/api/users/17', '/static/app.js', '/api/orders/9', '/login'];

const SERIOUS = /^\[(WARN|ERROR)\]/;
const ADDRESS = /(\d+)\.(\d+)\.\d+\.\d+/g;
const NUMBER = /\d+/g;
const API = /GET \/api\/[a-z]+\/\d+ /;

function makeLines(size, seed) {
  let x = (seed % 2147483646) + 1;
  const lines = [];
  for (let i = 0; i < size; i++) {
    x = (x * 48271) % 2147483647;
    lines.push(
      `[${LEVELS[x % 4]}] 10.${Math.floor(x / 4) % 256}.${Math.floor(x / 1024) % 256}.${x % 200} ` +
        `GET ${PATHS[Math.floor(x / 16) % 5]} ${(x % 400) + 200} ${Math.floor(x / 3) % 5000}ms`
    );
  }
  return lines;
}

measure((size, seed) => {
  let acc = 0;
  let serious = 0;
  let api = 0;
  for (const line of makeLines(size, seed)) {
    if (SERIOUS.test(line)) serious++;
    if (API.test(line)) api++;
    const masked = line.replace(ADDRESS, '$1.$2.x.x');
    acc = (acc * 31 + masked.length) % 1000000007;
    for (const number of masked.match(NUMBER) ?? []) acc = (acc * 31 + Number(number)) % 1000000007;
  }
  return (acc * 31 + serious * 1000 + api) % 1000000007;
});
