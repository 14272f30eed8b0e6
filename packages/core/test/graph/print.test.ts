import { expect, it } from 'vitest';
import {
  backward,
  formatBytes,
  gaussian,
  gelu,
  input,
  linear,
  parameter,
  planMemory,
  printGraph,
  printPlan,
  recompute,
  rmm,
  scope,
  squaredNorm,
  trace,
  type Value,
} from '../../src/index.js';

const graph = trace(() => {
  const x = input('x', [64, 32]);
  const key = { value: input('key', [2], 'i32'), stream: 0 };
  const [w, v] = [parameter('layer.0.w', [32, 32]), parameter('layer.1.w', [32, 32])];
  const estimator = rmm({ sketch: gaussian(), rate: 0.25 });
  const hidden = scope('layer', () =>
    scope('0', () => gelu(linear(x, w, undefined, { estimator, key }))),
  );
  const y = scope('layer', () => scope('1', () => linear(hidden, v, undefined)));
  const loss = squaredNorm(y);
  const outputs: Record<string, Value> = { loss };
  backward(loss, [w, v], (value, gradient) => {
    outputs[String(value.node.attributes.name)] = gradient;
  });
  return outputs;
});

it('prints a graph, one node a line', () => {
  expect(`\n${printGraph(recompute(graph, 'cheap'))}`).toMatchInlineSnapshot(`
    "
    input      %0 f32 [64, 32] 'x'
    input      %1 i32 [2] 'key'
    persistent %2 f32 [32, 32] 'layer.0.w'
    persistent %3 f32 [32, 32] 'layer.1.w'
    forward    %4 f32 [16, 32] = sketch(%0, %1) {kind: gaussian, rows: 16, stream: 0}   layer.0
    forward    %5 f32 [64, 32] = linear(%0, %2) {estimator: rmm-gaussian}   layer.0
    forward    %6 f32 [64, 32] = gelu(%5)   layer.0
    forward    %7 f32 [64, 32] = linear(%6, %3) {estimator: dense}   layer.1
    forward    %8 f32 [] = squaredNorm(%7)
    constant   %9 f32 [] 'constant0'
    backward   %10 f32 [64, 32] = multiply(%7, %9)
    backward   %11 f32 [64, 32] = scale(%10) {factor: 2}
    recompute  %18 f32 [64, 32] = gelu(%5)   layer.0
    backward   %12 f32 [32, 32] = matmul(%11, %18) {transposeA: true}
    backward   %13 f32 [64, 32] = matmul(%11, %3)
    backward   %14 f32 [64, 32] = geluGradient(%5, %13)
    backward   %15 f32 [16, 32] = sketch(%14, %1) {kind: gaussian, rows: 16, stream: 0}
    backward   %16 f32 [32, 32] = matmul(%15, %4) {transposeA: true}
    backward   %17 f32 [64, 32] = matmul(%14, %2)
    returns    loss: %8, layer.1.w: %12, layer.0.w: %16"
  `);
});

it('prints a plan', () => {
  expect(`\n${printPlan(planMemory(graph))}`).toMatchInlineSnapshot(`
    "
    peak       50.2 KiB = persistent 8.00 KiB + arena 42.2 KiB
    arena      1.000 × the largest live set, 42.2 KiB
      parameter    8.00 KiB
      kept         26.0 KiB
      workspace    8.00 KiB
      input        8.06 KiB
      constant     64 B
      output       64 B
    kept for the backward pass: 26.0 KiB
        16.0 KiB  2 × layer.* linear f32 [64, 32]
        8.00 KiB  1 × layer.* gelu f32 [64, 32]
        2.00 KiB  1 × layer.* sketch f32 [16, 32]"
  `);
});

it('prints bytes for people', () => {
  const sizes = [0, 512, 1023, 1024, 1536, 36 * 2 ** 20, 1.5 * 2 ** 30, 1010 * 2 ** 30, 2 ** 42];
  expect(sizes.map(formatBytes)).toEqual([
    '0 B',
    '512 B',
    '1023 B',
    '1.00 KiB',
    '1.50 KiB',
    '36.0 MiB',
    '1.50 GiB',
    '1010 GiB',
    '4.00 TiB',
  ]);
});
