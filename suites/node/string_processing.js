'use strict';
const { measure } = require('./rb');

const NAMES = ['alpha_one', 'beta_two', 'gamma_three', 'delta_four', 'omega_five'];

function makeLines(size, seed) {
  let x = (seed % 2147483646) + 1;
  const lines = [];
  for (let i = 0; i < size; i++) {
    x = (x * 48271) % 2147483647;
    lines.push('  ' + NAMES[x % 5] + ' = ' + (Math.floor(x / 5) % 100000) + ' ; note ' + (x % 97) + '  ');
  }
  return lines;
}

measure((size, seed) => {
  const out = [];
  let total = 0;
  for (const line of makeLines(size, seed)) {
    const parts = line.trim().split(' = ');
    const name = parts[0].toUpperCase().replaceAll('_', '-');
    const rest = parts[1];
    const end = rest.indexOf(' ;');
    const number = Number(rest.slice(0, end));
    let note = rest.slice(end + 2).trim();
    if (note.endsWith('7') || name.startsWith('OMEGA')) note = [...note].reverse().join('');
    total += number;
    out.push(name + ':' + String(number).padStart(8, '0') + ':' + note);
  }
  const text = out.join('\n');
  let acc = (total * 31 + text.length) % 1000000007;
  for (const line of text.split('\n')) {
    acc = (acc * 31 + line.indexOf('7') + line.length) % 1000000007;
  }
  return acc;
});
