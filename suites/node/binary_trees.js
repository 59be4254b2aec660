'use strict';
const { measure } = require('./rb');

class Node {
  constructor(left, right, item) {
    this.left = left;
    this.right = right;
    this.item = item;
  }
}

function build(item, depth) {
  if (depth === 0) return new Node(null, null, item);
  return new Node(build(2 * item - 1, depth - 1), build(2 * item, depth - 1), item);
}

function check(node) {
  if (node.left === null) return node.item;
  return (node.item + check(node.left) * 3 + check(node.right) * 5) % 1000003;
}

measure((size, seed) => {
  const shift = (seed % 1000) + 1;
  let acc = check(build(shift, size + 1));
  const kept = build(shift, size);
  for (let depth = 4; depth <= size; depth += 2) {
    const trees = 2 ** (size - depth + 2);
    for (let i = 0; i < trees; i++) acc = (acc * 31 + check(build(i + shift, depth))) % 1000000007;
  }
  return (acc * 31 + check(kept)) % 1000000007;
});
