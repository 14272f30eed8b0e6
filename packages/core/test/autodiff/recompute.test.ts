import { describe, expect, it } from 'vitest';
import {
  accumulate,
  add,
  backward,
  checkpoint,
  constant,
  dense,
  gaussian,
  gelu,
  input,
  inStage,
  linear,
  type MemoryPlan,
  matmul,
  normalize,
  parameter,
  persistent,
  planMemory,
  RECOMPUTE_MODES,
  type RecomputeMode,
  rademacher,
  recompute,
  rmm,
  scale,
  softmax,
  squaredNorm,
  sum,
  tanh,
  trace,
  type Value,
} from '../../src/index.js';
import { createReferenceBackend } from '../../src/reference/index.js';
import { networkInputs, networkParameters, smallNetwork } from '../support/small-network.js';

describe('recomputation', () => {
  for (const estimator of [
    dense(),
    rmm({ sketch: gaussian(), rate: 0.5 }),
    rmm({ sketch: rademacher(), rate: 0.25 }),
  ])
    it(`gives the same bits in every mode and keeps no more in each, ${estimator.name}`, async () => {
      const backend = createReferenceBackend({ precision: 'f32' });
      const graph = smallNetwork(estimator);
      const inputs = { ...networkInputs, x: Float32Array.from(networkInputs.x) };
      const runs = [];
      for (const mode of RECOMPUTE_MODES) {
        const state = backend.createState();
        const executable = await backend.compile(recompute(graph, mode), { state });
        for (const [name, values] of networkParameters(graph))
          await state.write(name, Float32Array.from(values));
        runs.push({ outputs: await executable.run(inputs), bytes: executable.plan.keptBytes });
        expect(executable.measuredPeakBytes(), mode).toBe(executable.plan.peakBytes);
      }
      for (const [i, { outputs, bytes }] of runs.entries()) {
        if (i === 0) continue;
        expect(outputs, RECOMPUTE_MODES[i]).toEqual(runs[0]!.outputs);
        // With a sketch in its input's place nothing cheap is left to rebuild in this network.
        const gained = estimator.random && RECOMPUTE_MODES[i] === 'cheap' ? 0 : 1;
        expect(bytes, RECOMPUTE_MODES[i]).toBeLessThanOrEqual(runs[i - 1]!.bytes - gained);
      }
    });

  it('keeps one tensor for each block and lowers the peak, however deep the network', () => {
    const [rows, features] = [64, 16];
    const plan = (depth: number, mode: RecomputeMode): MemoryPlan =>
      planMemory(
        recompute(
          trace(() => {
            let x = input('x', [rows, features]);
            const all: Value[] = [];
            for (let layer = 0; layer < depth; layer++) {
              const w1 = parameter(`w1.${layer}`, [4 * features, features]);
              const w2 = parameter(`w2.${layer}`, [features, 4 * features]);
              all.push(w1, w2);
              x = checkpoint(() =>
                add(
                  x,
                  linear(
                    gelu(linear(normalize(x, { epsilon: 1e-5 })[0], w1, undefined)),
                    w2,
                    undefined,
                  ),
                ),
              );
            }
            const loss = squaredNorm(x);
            let gradients = constant(Float32Array.of(0), []);
            backward(loss, all, (_, gradient) => {
              gradients = add(gradients, squaredNorm(gradient));
            });
            return { loss, gradients };
          }),
          mode,
        ),
      );
    const oneTensor = 4 * rows * features;
    const kept = (depth: number) => plan(depth, 'block').keptBytes;
    expect(kept(9) - kept(8)).toBe(oneTensor);
    const growth = plan(9, 'block').arenaBytes - plan(8, 'block').arenaBytes;
    expect(growth).toBe(oneTensor);
    expect(plan(9, 'cheap').arenaBytes - plan(8, 'cheap').arenaBytes).toBeGreaterThan(
      5 * oneTensor,
    );
  });

  const keptOps = (mode: RecomputeMode, build: (x: Value, w: Value) => Value) => {
    const graph = trace(() => {
      const w = parameter('w', [4, 4]);
      const loss = build(input('x', [4, 4]), w);
      const outputs: Record<string, Value> = { loss };
      backward(loss, [w], (_, gradient) => {
        outputs.gradient = gradient;
      });
      return outputs;
    });
    return planMemory(recompute(graph, mode)).kept.map(({ op }) => op);
  };

  it('makes a cheap value again from what is kept anyway', () => {
    // gelu's input is kept for its own gradient; its output, which dW reads, is free from there.
    const build = (x: Value, w: Value) => sum(tanh(matmul(gelu(matmul(x, w)), w)));
    expect(keptOps('none', build).sort()).toEqual(['gelu', 'matmul', 'tanh']);
    expect(keptOps('cheap', build).sort()).toEqual(['matmul', 'tanh']);
  });

  it('keeps a cheap value whose inputs would take as many bytes or more', () => {
    const build = (x: Value, w: Value) => sum(matmul(add(matmul(x, w), softmax(matmul(x, w))), w));
    expect(keptOps('cheap', build)).toContain('add');
  });

  it('never makes again what the caller reads back', () => {
    const graph = trace(() => {
      const w = parameter('w', [4, 4]);
      const y = gelu(matmul(input('x', [4, 4]), w));
      const loss = sum(matmul(y, w));
      const outputs: Record<string, Value> = { loss, y };
      backward(loss, [w], (_, gradient) => {
        outputs.gradient = gradient;
      });
      return outputs;
    });
    expect(recompute(graph, 'cheap').nodes.some((node) => node.recomputes)).toBe(false);
  });

  for (const mode of RECOMPUTE_MODES)
    it(`does not make again what an update has changed since, ${mode}`, async () => {
      const graph = trace(() => {
        const total = persistent('total', [2], 'accumulator');
        const x = input('x', [2]);
        const [before, after] = checkpoint(() => {
          const half = scale(total, 0.5);
          return [tanh(half), scale(accumulate(total, x), 1)];
        });
        return inStage('backward', () => ({ y: add(scale(before!, 1), scale(after!, 100)) }));
      });
      const backend = createReferenceBackend({ precision: 'f64' });
      const state = backend.createState();
      const executable = await backend.compile(recompute(graph, mode), { state });
      await state.write('total', Float32Array.of(2, -4));
      const { y } = await executable.runFloat64({ x: Float32Array.of(3, 5) });
      expect([...y!]).toEqual([Math.tanh(1) + 500, Math.tanh(-2) + 100]);
    });

  it("leaves a graph alone under 'none'", () => {
    const graph = smallNetwork(dense());
    expect(recompute(graph, 'none')).toBe(graph);
  });
});
