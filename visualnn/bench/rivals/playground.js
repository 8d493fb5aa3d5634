/* TensorFlow Playground's engine: node playground.js NN.js, where NN.js is its src/nn.ts compiled.

Speaks the language of visualnn/bench/worker.py. Runs the body of Playground's oneStep() without its drawing: a forward
and a backward pass for each row, and new weights after each batch. Maps are its updateDecisionBoundary().
*/
"use strict";
const fs = require("fs");
const path = require("path");
const readline = require("readline");

const engine = require(path.resolve(process.argv[2]));
const MAP_POINTS = 100;
const MAP_EDGE = 6;
const WARM_S = 0.1; // node compiles what has run for a while

let run = null;
let last = null;

function build(workload, layers) {
  const { RELU, TANH, LINEAR } = engine.Activations;
  const functions = { relu: RELU, tanh: TANH, linear: LINEAR };
  const ids = Array.from({ length: workload.sizes[0] }, (_, i) => `x${i}`);
  const network = engine.buildNetwork(
    workload.sizes, functions[workload.hidden], functions[workload.output], null, ids);
  layers.forEach(([w, b], l) => network[l + 1].forEach((node, j) => {
    node.bias = b[j];
    node.inputLinks.forEach((link, i) => { link.weight = w[i][j]; });
  }));
  return network;
}

function trainer(workload, problem) {
  const network = build(workload, problem.layers);
  const rate = 2 * workload.rate; // its squared error is half of ours
  const { inputs, targets } = problem;
  let row = 0;
  return (updates) => {
    for (let u = 0; u < updates; u++) {
      for (let i = 0; i < workload.batch; i++) {
        engine.forwardProp(network, inputs[row]);
        engine.backProp(network, targets[row][0], engine.Errors.SQUARE);
        row = row + 1 === inputs.length ? 0 : row + 1;
      }
      engine.updateWeights(network, rate, 0);
    }
    return updates;
  };
}

function mapper(workload, problem) {
  const network = build(workload, problem.layers);
  const nodes = network.slice(1).flat();
  const boundary = {};
  for (const node of nodes) {
    boundary[node.id] = Array.from({ length: MAP_POINTS }, () => new Array(MAP_POINTS));
  }
  const scale = (i) => -MAP_EDGE + 2 * MAP_EDGE * i / (MAP_POINTS - 1);
  return (pictures) => {
    for (let p = 0; p < pictures; p++) {
      for (let i = 0; i < MAP_POINTS; i++) {
        for (let j = 0; j < MAP_POINTS; j++) {
          engine.forwardProp(network, [scale(i), scale(j)]);
          for (const node of nodes) boundary[node.id][i][j] = node.output;
        }
      }
    }
    return pictures;
  };
}

function takeTurn(updates) {
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  const done = run(updates);
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  const { user, system } = process.cpuUsage(cpu);
  last = { updates: done, wall_s: wall, cpu_s: (user + system) / 1e6 };
  return last;
}

function prepare(workload, problem) {
  run = workload.kind === "maps" ? mapper(workload, problem) : trainer(workload, problem);
  for (let updates = 1; takeTurn(updates).wall_s < WARM_S; updates *= 2);
  return {};
}

function answer(asked) {
  if (asked.prepare) return prepare(asked.prepare, asked.problem);
  return takeTurn(Math.max(1, Math.round(last.updates * asked.turn / last.wall_s)));
}

function say(value) {
  fs.writeSync(1, JSON.stringify(value) + "\n");
}

for (const name of ["buildNetwork", "forwardProp", "backProp", "updateWeights", "Activations", "Errors"]) {
  if (!engine[name]) {
    say({ unavailable: `${process.argv[2]} does not export ${name}.` });
    process.exit(0);
  }
}
say({ version: `node ${process.version}` });
readline.createInterface({ input: process.stdin }).on("line", (line) => {
  try {
    say(answer(JSON.parse(line)));
  } catch (error) {
    say({ error: String(error) });
  }
});
