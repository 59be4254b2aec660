'use strict';
const { measure } = require('./rb');

function tak(x, y, z) {
  if (y >= x) return z;
  return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y));
}

measure((size, seed) => {
  const shift = seed % 1000;
  return tak(size + shift, Math.floor((size * 2) / 3) + shift, Math.floor(size / 3) + shift);
});
