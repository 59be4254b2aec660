'use strict';
const { measure } = require('./rb');

function makeCounter(start, step) {
  let count = start;
  return () => {
    count = (count + step) % 1000003;
    return count;
  };
}

function makeAdder(n) {
  return (v) => (v + n) % 1000003;
}

function compose(f, g) {
  return (v) => g(f(v));
}

measure((size, seed) => {
  const shift = seed % 1000;
  const counters = [];
  for (let i = 0; i < 10; i++) counters.push(makeCounter(i + shift, i * 7 + 1));
  let acc = 0;
  for (let i = 0; i < size; i++) {
    const bump = counters[i % 10];
    const step = compose(makeAdder(i), makeAdder(shift));
    acc = (acc * 31 + bump() + step(acc)) % 1000003;
  }
  return acc;
});
