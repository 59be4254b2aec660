// Runner protocol 1 of ruffbench: node PROGRAM SIZE SEED ITERS BUDGET_MS.
'use strict';
const fs = require('fs');
const now = process.hrtime.bigint;

function resolution() {
  let least = 1n << 40n;
  for (let i = 0; i < 20; i++) {
    const start = now();
    let later = now();
    while (later === start) later = now();
    if (later - start < least) least = later - start;
  }
  return least;
}

// Times up to ITERS calls of run(size, seed); nothing is printed between them.
exports.measure = function (run) {
  const [size, seed, iters, budgetMs] = process.argv.slice(2, 6).map(Number);
  fs.writeSync(1, '@rb 1 node\n');
  const budget = BigInt(budgetMs) * 1000000n;
  const samples = [];
  let spent = 0n;
  while (samples.length < iters && (samples.length < 2 || spent < budget)) {
    const start = now();
    const digest = run(size, seed);
    const took = now() - start;
    samples.push([took, digest]);
    spent += took;
  }
  const lines = samples.map(([took, digest]) => `@i ${took} ${digest}`);
  fs.writeSync(1, `@clock ${resolution()}\n${lines.join('\n')}\n@end ${samples.length}\n`);
};
