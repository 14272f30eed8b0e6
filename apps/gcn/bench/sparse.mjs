// Time of a sparse product with a graph's adjacency: node bench/sparse.mjs [FOLDER] [width] [steps] [given]
// Nodes are in breadth-first order, as the command line has them; `given`, as the file does.
// FOLDER is in OGB's raw layout, WordNet unless given. tools/peers/sparse.py times PyTorch's on the same.
import { input, loadBackend, sparseMatmul, sparseMatrix, trace } from '@sketchgrad/core';
import { breadthFirstOrder, reorderedDataset } from '@sketchgrad/datasets';
import { readNodeDataset, readWordNetGraph } from '@sketchgrad/datasets/node';

const [folder, width = 256, steps = 9, order] = process.argv.slice(2);
const data = folder ? await readNodeDataset(folder) : await readWordNetGraph();
const { graph } = order === 'given' ? data : reorderedDataset(data, breadthFirstOrder(data.graph));
const { nodes } = graph;
const columns = Number(width);

// With a loop at each node, which the peer's matrix has too.
const rowPointers = graph.rowPointers.map((pointer, row) => pointer + row);
const columnIndices = new Int32Array(graph.columnIndices.length + nodes);
for (let row = 0; row < nodes; row++)
  columnIndices.set(
    [...graph.columnIndices.subarray(graph.rowPointers[row], graph.rowPointers[row + 1]), row].sort(
      (one, other) => one - other,
    ),
    rowPointers[row],
  );

const backend = await loadBackend('cpu');
const state = backend.createState();
const executable = await backend.compile(
  trace(() => {
    const matrix = sparseMatrix(
      {
        rows: nodes,
        columns: nodes,
        rowPointers: input('rowPointers', [nodes + 1], 'i32'),
        columnIndices: input('columnIndices', [columnIndices.length], 'i32'),
      },
      'symmetric',
    );
    return { y: sparseMatmul(matrix, input('x', [nodes, columns])) };
  }),
  { state },
);
const x = Float32Array.from({ length: nodes * columns }, (_, i) => ((i * 7919) % 1000) / 1000);
const seconds = () => executable.profile().find(({ op }) => op === 'sparseMatmul').seconds;
await executable.run({ rowPointers, columnIndices, x });
const times = [];
for (let before = seconds(); times.length < Number(steps); before = seconds()) {
  await executable.run({ rowPointers, columnIndices, x });
  times.push(1000 * (seconds() - before));
}
times.sort((one, other) => one - other);
console.log(
  JSON.stringify({
    nodes,
    entries: columnIndices.length,
    medianMilliseconds: +times[times.length >> 1].toFixed(1),
    leastMilliseconds: +times[0].toFixed(1),
  }),
);
await backend.dispose();
