import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type Backend,
  type BuildOptions,
  backward,
  type DeviceState,
  type Graph,
  input,
  multiply,
  type NodeShape,
  parameter,
  reshape,
  type Shape,
  scope,
  sum,
  trace,
  type Value,
} from '@sketchgrad/core';
import { gcnConv } from '../../src/graph/gcn-conv.js';
import { gcn2Conv, gcn2Shared } from '../../src/graph/gcn2-conv.js';
import { startGraphPass } from '../../src/graph/pass.js';
import {
  type Gcn2Config,
  type GcnConfig,
  GraphNetwork,
  type GraphNetworkConfig,
  normalizedAdjacency,
} from '../../src/index.js';
import { openSafetensors } from '../../src/node/index.js';

/** A fixture's tensors by name. */
interface Tensors {
  readonly names: readonly string[];
  shape(name: string): Shape;
  data(name: string): Float32Array;
}

interface GraphJson {
  readonly nodes: number;
  readonly rowPointers: readonly number[];
  readonly columnIndices: readonly number[];
}

const pathOf = (name: string, file: string) =>
  fileURLToPath(new URL(`../../fixtures/${name}/${file}`, import.meta.url));

const readJson = <T>(name: string): T =>
  JSON.parse(readFileSync(pathOf(name, 'example.json'), 'utf8')) as T;

const graphOf = ({ nodes, rowPointers, columnIndices }: GraphJson) => ({
  nodes,
  rowPointers: Int32Array.from(rowPointers),
  columnIndices: Int32Array.from(columnIndices),
});

async function readTensors(name: string): Promise<Tensors> {
  const store = await openSafetensors(pathOf(name, 'tensors.safetensors'));
  const found = new Map<string, { shape: Shape; data: Float32Array }>();
  for (const tensor of store.names) {
    const { shape } = store.info(tensor);
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
    await store.readFloat32(tensor, data);
    found.set(tensor, { shape, data });
  }
  await store.close();
  const get = (tensor: string) => found.get(tensor)!;
  return {
    names: [...found.keys()],
    shape: (tensor) => get(tensor).shape,
    data: (tensor) => get(tensor).data,
  };
}

/** ‖actual − expected‖ / ‖expected‖. */
export function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let whole = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i]! - expected[i]!) ** 2;
    whole += expected[i]! ** 2;
  }
  return Math.sqrt(difference / whole);
}

const WEIGHTS = 'weights.';

/** Gradients by `gradients.NAME`, beside other outputs. */
export function withGradients(
  loss: Value,
  values: readonly (readonly [string, Value])[],
  outputs: Record<string, Value>,
): Record<string, Value> {
  const names = new Map(values.map(([name, value]) => [value, name]));
  backward(
    loss,
    values.map(([, value]) => value),
    (value, gradient) => {
      outputs[`gradients.${names.get(value)}`] = gradient;
    },
  );
  return outputs;
}

export async function run(
  backend: Backend,
  traced: Graph,
  inputs: Parameters<Awaited<ReturnType<Backend['compile']>>['run']>[0],
  prepare: (state: DeviceState) => Promise<void>,
) {
  const state = backend.createState();
  const executable = await backend.compile(traced, { state });
  await prepare(state);
  const outputs = await executable.run(inputs);
  await executable.dispose();
  return { outputs, state };
}

export const writeWeights = (tensors: Tensors) => async (state: DeviceState) => {
  for (const name of tensors.names)
    if (name.startsWith(WEIGHTS)) await state.write(name.slice(WEIGHTS.length), tensors.data(name));
};

interface LayerSettings {
  readonly graph: GraphJson;
  readonly alpha?: number;
  readonly lambda?: number;
  readonly layer?: number;
  readonly sharedWeights?: boolean;
}

/** How far a layer's output and gradients are from PyTorch Geometric's, by tensor. */
export async function layerDifferences(name: string, backend: Backend) {
  const tensors = await readTensors(name);
  const settings = readJson<LayerSettings>(name);
  const adjacency = normalizedAdjacency(graphOf(settings.graph));
  const { nodes } = adjacency;
  const features = tensors.shape('x')[1]!;
  const outputs = tensors.shape('output')[1]!;
  const shape = { nodes, entries: adjacency.columnIndices.length, rows: 1 };
  const { alpha, lambda, layer, sharedWeights } = settings;
  const deep = alpha !== undefined;
  const config = {
    ...{ inputs: features, classes: outputs, hidden: outputs, layers: 1, multiLabel: false },
    ...{ dropout: 0, dropInput: false, batchNorm: false, residual: false },
    ...(deep ? { model: 'gcn2', alpha, lambda, sharedWeights } : { model: 'gcn' }),
  } as GraphNetworkConfig;
  const traced = trace(() => {
    const pass = startGraphPass(config, { shape, training: true });
    const x = input('x', [nodes, features]);
    const values: (readonly [string, Value])[] = [['x', x]];
    let z: Value;
    if (deep) {
      const first = input('first', [nodes, features]);
      values.push(['first', first]);
      const beta = Math.log(lambda! / layer! + 1);
      const shared = gcn2Shared(first, config as Gcn2Config, pass);
      z = scope('layer', () => gcn2Conv(x, { name: 'conv', beta }, shared, pass));
    } else z = gcnConv(x, 'conv', { outputs, hasBias: true }, pass);
    for (const tensor of tensors.names)
      if (tensor.startsWith(WEIGHTS)) {
        const own = tensor.slice(WEIGHTS.length);
        values.push([own, parameter(own, tensors.shape(tensor))]);
      }
    const weighted = multiply(z, input('cotangent', z.shape));
    const loss = reshape(sum(sum(weighted, { axis: 0 }), { axis: 0 }), []);
    return withGradients(loss, values, { output: z });
  });
  const { rowPointers, columnIndices, values } = adjacency;
  const found = await run(
    backend,
    traced,
    {
      ...{ rowPointers, columnIndices, edgeWeights: values, key: Int32Array.of(0, 0) },
      x: tensors.data('x'),
      cotangent: tensors.data('cotangent'),
      ...(deep ? { first: tensors.data('first') } : {}),
    },
    writeWeights(tensors),
  );
  return differences(found.outputs, tensors);
}

interface NetworkJson {
  readonly graph: GraphJson;
  readonly config: GcnConfig | Gcn2Config;
  readonly labels: readonly number[];
  readonly rows: readonly number[];
  readonly loss: number;
}

/** A network's fixture: its settings, its graph, and the nodes that the loss is of. */
export async function readNetwork(name: string) {
  const tensors = await readTensors(name);
  const { graph, config, labels, rows, loss } = readJson<NetworkJson>(name);
  const data = {
    graph: graphOf(graph),
    features: { columns: config.inputs, data: tensors.data('features') },
    labels: config.multiLabel ? Uint8Array.from(labels) : Int32Array.from(labels),
  };
  return { tensors, network: new GraphNetwork(config), data, rows: Int32Array.from(rows), loss };
}

/** How far logits, loss, gradients and statistics are from PyTorch Geometric's, by tensor. */
export async function networkDifferences(
  name: string,
  backend: Backend,
  options: Pick<BuildOptions<NodeShape>, 'estimator'> = {},
) {
  const { tensors, network, data, rows, loss } = await readNetwork(name);
  const batch = network.batch(data, rows);
  const traced = trace(() => {
    const built = network.build({ shape: batch.shape, training: true, ...options });
    const values = network.parameters.map(
      (each) => [each.name, parameter(each.name, each.shape)] as const,
    );
    return withGradients(built.loss, values, { loss: built.loss, logits: built.predictions });
  });
  const inputs = { ...batch.inputs, key: Int32Array.of(0, 0) };
  const { outputs, state } = await run(backend, traced, inputs, async (fresh) => {
    await network.initialize(fresh, { seed: 0 });
    await writeWeights(tensors)(fresh);
  });
  const found: Record<string, ArrayLike<number>> = { ...outputs };
  for (const { name: statistic } of network.statistics)
    found[`statistics.${statistic}`] = await state.read(statistic);
  if (network.statistics.length > 0) {
    const evaluation = trace(() => {
      const { predictions } = network.build({ shape: batch.shape, training: false });
      return { predictions };
    });
    const { rows: _, labels: __, ...rest } = batch.inputs;
    const executable = await backend.compile(evaluation, { state });
    const used = evaluation.inputs.map((each) => each.name);
    const given = Object.entries({ ...batch.inputs, ...rest }).filter(([key]) =>
      used.includes(key),
    );
    found.evaluated = (await executable.run(Object.fromEntries(given))).predictions!;
    await executable.dispose();
  }
  return {
    ...differences(found, tensors),
    loss: Math.abs(found.loss![0]! - loss) / Math.abs(loss),
  };
}

function differences(found: Record<string, ArrayLike<number>>, tensors: Tensors) {
  const expected = tensors.names.filter((name) =>
    /^(output|logits|evaluated|gradients\.|statistics\.)/.test(name),
  );
  return Object.fromEntries(
    expected.map((name) => [
      name,
      name in found ? relativeDifference(found[name]!, tensors.data(name)) : Number.NaN,
    ]),
  );
}
