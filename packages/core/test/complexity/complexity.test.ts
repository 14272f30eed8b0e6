import { describe, expect, it } from 'vitest';
import {
  backward,
  extraFlops,
  type GradientEstimator,
  gaussian,
  gelu,
  graphCost,
  input,
  linear,
  parameter,
  publishedComplexity,
  recompute,
  rmm,
  squaredNorm,
  trace,
} from '../../src/index.js';

const [ROWS, INPUTS, OUTPUTS, SKETCH_ROWS] = [8, 5, 3, 2];

/** One linear layer, its loss and its weight's gradient; X is an input that needs no gradient. */
const step = (estimator?: GradientEstimator) =>
  trace(() => {
    const w = parameter('w', [OUTPUTS, INPUTS]);
    const key = { value: input('key', [2], 'i32'), stream: 0 };
    const x = input('x', [ROWS, INPUTS]);
    const z = linear(x, w, undefined, estimator ? { estimator, key } : {});
    const outputs: Record<string, typeof z> = {};
    backward(squaredNorm(z), [w], (_, gradient) => {
      outputs.gradient = gradient;
    });
    return outputs;
  });

describe('the published complexity', () => {
  it('counts multiplications of the products', () => {
    const sizes = { rows: ROWS, inputs: INPUTS, outputs: OUTPUTS };
    expect(publishedComplexity(sizes)).toEqual({
      forward: 120,
      weightGradient: 120,
      inputGradient: 120,
      kept: 40,
    });
    expect(publishedComplexity({ ...sizes, sketchRows: SKETCH_ROWS })).toEqual({
      forward: 120 + 80,
      weightGradient: 48 + 30,
      inputGradient: 120,
      kept: 10,
    });
  });

  it('says at which p a sketch stops saving work', () => {
    const [rows, width] = [100, 50];
    const p = (rows * width) / (2 * rows + width);
    const sizes = { rows, inputs: width, outputs: width };
    const total = (sketchRows?: number) => {
      const found = publishedComplexity({ ...sizes, ...(sketchRows && { sketchRows }) });
      return found.forward + found.weightGradient + found.inputGradient;
    };
    expect(p).toBe(20);
    expect(total(p)).toBe(total());
  });
});

describe('the cost of a graph', () => {
  it('adds up what ops count, by stage and by op', () => {
    const graph = step();
    const cost = graphCost(graph);
    const product = 2 * ROWS * INPUTS * OUTPUTS;
    expect(cost.stages.forward.flops).toBe(product);
    expect(cost.ops.get('linear')!.flops).toBe(product);
    expect(cost.ops.get('matmul')!.flops).toBe(product);
    expect([...cost.ops.keys()][0]).toMatch(/linear|matmul/);
    for (const total of [[...cost.ops.values()], Object.values(cost.stages)])
      expect(total.reduce((sum, { flops, bytes }) => sum + flops + bytes, 0)).toBe(
        cost.flops + cost.bytes,
      );
    // X, W and Z, of four bytes each.
    expect(cost.ops.get('linear')!.bytes).toBe(
      4 * (ROWS * INPUTS + OUTPUTS * INPUTS + ROWS * OUTPUTS),
    );
  });

  it('leaves out what a run does not execute', () => {
    const unused = trace(() => {
      const x = input('x', [4, 4]);
      gelu(x);
      return { y: squaredNorm(x) };
    });
    expect([...graphCost(unused).ops.keys()]).toEqual(['squaredNorm']);
  });

  it('agrees with the published count on what both count', () => {
    const sketched = step(rmm({ sketch: gaussian(), rate: SKETCH_ROWS / ROWS }));
    const published = publishedComplexity({
      rows: ROWS,
      inputs: INPUTS,
      outputs: OUTPUTS,
      sketchRows: SKETCH_ROWS,
    });
    // This graph needs no dX.
    const products = ['linear', 'sketch', 'matmul'].reduce(
      (sum, op) => sum + graphCost(sketched).ops.get(op)!.flops,
      0,
    );
    expect(products).toBe(2 * (published.forward + published.weightGradient));
    expect(extraFlops(sketched, step())).toBe(2 * (80 + 48 + 30 - 120));
  });

  it('counts what is made again apart', () => {
    const graph = trace(() => {
      const w = parameter('w', [4, 4]);
      const z = linear(gelu(linear(input('x', [2, 4]), w, undefined)), w, undefined);
      const outputs: Record<string, typeof z> = {};
      backward(squaredNorm(z), [w], (_, gradient) => {
        outputs.gradient = gradient;
      });
      return outputs;
    });
    const again = recompute(graph, 'cheap');
    expect(graphCost(graph).stages.recompute.flops).toBe(0);
    expect(graphCost(again).stages.recompute.flops).toBeGreaterThan(0);
    expect(extraFlops(again, graph)).toBe(graphCost(again).stages.recompute.flops);
  });
});
