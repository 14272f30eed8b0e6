import type { Tf } from '../tensors/tf.js';
import { nodeBackendOf } from './backend.js';

const known = new WeakSet<object>();

/**
 * Lets a tensor be seen in another shape. TensorFlow's handle of a tensor has a shape of its own, whatever
 * TensorFlow.js says of the tensor; where they differ an op is given another handle of the same memory,
 * which is gone after it, or after the next. Tensors that are no views are as they were.
 */
export function withViews(tf: Tf): void {
  const backend = nodeBackendOf(tf);
  if (known.has(backend)) return;
  known.add(backend);
  const { binding, tensorMap } = backend;
  const handles: number[] = [];

  const reshaped = (id: number, type: number, shape: readonly number[]): number => {
    const sizes = binding.createTensor([shape.length], binding.TF_INT32, Int32Array.from(shape));
    const attributes = [
      { name: 'T', type: binding.TF_ATTR_TYPE, value: type },
      { name: 'Tshape', type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 },
    ];
    const [made] = binding.executeOp('Reshape', attributes, [id, sizes], 1);
    binding.deleteTensor(sizes);
    handles.push(made!.id);
    return made!.id;
  };

  const idsOf = backend.getInputTensorIds;
  backend.getInputTensorIds = (tensors) =>
    idsOf.call(backend, tensors).map((id, at) => {
      const { dataId, shape } = tensors[at]!;
      // A number of 64 bits has none.
      const own = dataId && tensorMap.get(dataId);
      return !own || sameShape(own.shape, shape) ? id : reshaped(id, own.dtype, shape);
    });

  for (const name of ['executeSingleOutput', 'executeMultipleOutputs'] as const) {
    const execute = backend[name];
    backend[name] = (...given) => {
      try {
        return execute.apply(backend, given);
      } finally {
        for (const id of handles.splice(0)) binding.deleteTensor(id);
      }
    };
  }
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);
