'use strict';
const { measure } = require('./rb');

measure((size, seed) => {
  const shift = seed % 1000;
  let acc = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      for (let k = 0; k < size; k++) {
        acc = (acc * 31 + i * j + k + shift) % 1000003;
      }
    }
  }
  return acc;
});
