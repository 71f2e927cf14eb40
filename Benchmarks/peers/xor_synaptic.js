// XOR by 80,000 online steps in Synaptic.js (npm install synaptic). Prints milliseconds, the best of 20 runs.
const { Architect } = require("synaptic");
const rows = [[[0, 0], [0]], [[0, 1], [1]], [[1, 0], [1]], [[1, 1], [0]]];
let best = Infinity;
for (let run = 0; run < 20; run++) {
  const network = new Architect.Perceptron(2, 3, 1);
  const start = process.hrtime.bigint();
  for (let round = 0; round < 20000; round++) {
    for (const [inputs, targets] of rows) {
      network.activate(inputs);
      network.propagate(0.3, targets);
    }
  }
  best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e6);
}
console.log(best.toFixed(3));
