import { expect, it } from 'vitest';
import { dense } from '../../src/index.js';
import { createReferenceBackend } from '../../src/reference/index.js';
import { networkInputs, networkParameters, smallNetwork } from '../support/small-network.js';

const STEP = 1e-5;

it('the gradient of a whole network, dropout on, agrees with central differences', async () => {
  const backend = createReferenceBackend({ precision: 'f64' });
  const state = backend.createState();
  const graph = smallNetwork(dense());
  const both = await backend.compile(graph, { state });
  const forward = await backend.compile(smallNetwork(dense(), { differentiate: false }), { state });
  const parameters = networkParameters(graph);
  for (const [name, values] of parameters) await state.writeFloat64(name, values);
  const found = await both.runFloat64(networkInputs);
  const lossAt = async () => (await forward.runFloat64(networkInputs)).loss![0]!;

  for (const [name, values] of parameters) {
    const gradient = found[name]!;
    const largest = gradient.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-3);
    // Every seventh element of a matrix: each costs two runs.
    for (let i = 0; i < values.length; i += values.length > 20 ? 7 : 1) {
      const before = values[i]!;
      const losses: number[] = [];
      for (const moved of [before + STEP, before - STEP]) {
        values[i] = moved;
        await state.writeFloat64(name, values);
        losses.push(await lossAt());
      }
      values[i] = before;
      const slope = (losses[0]! - losses[1]!) / (2 * STEP);
      expect(Math.abs(gradient[i]! - slope), `${name}[${i}]`).toBeLessThan(1e-6 * largest);
    }
    await state.writeFloat64(name, values);
  }
});
