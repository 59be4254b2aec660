'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');
const { measure } = require('./rb');

measure((size, seed) => {
  let x = (seed % 2147483646) + 1;
  const lines = [];
  for (let i = 0; i < size; i++) {
    x = (x * 48271) % 2147483647;
    lines.push(`${i} ${x % 1000000} record-${x % 977}`);
  }
  const half = Math.floor(size / 2);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ruffbench-'));
  const file = path.join(folder, 'data.txt');
  fs.writeFileSync(file, lines.slice(0, half).join('\n') + '\n');
  fs.appendFileSync(file, lines.slice(half).join('\n') + '\n');
  let acc = fs.statSync(file).size;
  const text = fs.readFileSync(file, 'utf8');
  for (const line of text.trimEnd().split('\n')) {
    const fields = line.split(' ');
    acc = (acc * 31 + Number(fields[0]) + Number(fields[1]) + fields[2].length) % 1000000007;
  }
  fs.unlinkSync(file);
  fs.rmdirSync(folder);
  return acc;
});
