// 10,000 online steps of Synaptic.js's LSTM (npm install synaptic), compiled. Prints milliseconds, the best of 5 runs.
const { Architect } = require("synaptic");
let best = Infinity;
for (let run = 0; run < 5; run++) {
  const network = new Architect.LSTM(2, 7, 1);
  network.activate([0, 1]);
  network.propagate(0.1, [1]);
  const start = process.hrtime.bigint();
  for (let step = 0; step < 10000; step++) {
    network.activate([step & 1, (step >> 1) & 1]);
    network.propagate(0.1, [step & 1]);
  }
  best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e6);
}
console.log(best.toFixed(3));
