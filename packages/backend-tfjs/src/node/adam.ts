import type { Tensor } from '@tensorflow/tfjs-core';
import type { AdamRates } from '../platforms/platform.js';
import type { Tf } from '../tensors/tf.js';
import { nodeBackendOf } from './backend.js';

let variables = 0;

/**
 * Adam's update by TensorFlow's own op, which goes through the memory once and takes none. It is done to
 * resource variables; they are given the tensors' memory, which is theirs alone once the tensors are disposed
 * of, and give it back.
 *
 * @param state parameter, first and second moments, of one shape; disposed of
 * @returns what they have become
 */
export function adam(
  tf: Tf,
  state: readonly Tensor[],
  gradient: Tensor,
  { step, beta1, beta2, epsilon }: AdamRates,
): readonly Tensor[] {
  const backend = nodeBackendOf(tf);
  const { binding } = backend;
  const { TF_ATTR_BOOL, TF_ATTR_SHAPE, TF_ATTR_STRING, TF_ATTR_TYPE, TF_FLOAT } = binding;
  const float = (name: string) => ({ name, type: TF_ATTR_TYPE, value: TF_FLOAT });
  const flag = (name: string, value: boolean) => ({ name, type: TF_ATTR_BOOL, value });
  const text = (name: string, value: string) => ({ name, type: TF_ATTR_STRING, value });
  const dtype = float('dtype');
  const held = state.map((tensor) => {
    const [handle] = binding.executeOp(
      'VarHandleOp',
      [
        ...[dtype, { name: 'shape', type: TF_ATTR_SHAPE, value: tensor.shape }],
        ...[text('container', ''), text('shared_name', `sketchgrad ${variables++}`)],
      ],
      [],
      1,
    );
    const ids = [handle!.id, ...backend.getInputTensorIds([tensor])];
    binding.executeOp('AssignVariableOp', [dtype], ids, 0);
    tensor.dispose();
    return handle!.id;
  });
  // The powers of β, which would correct the moments, are 0: `step` and `epsilon` are corrected.
  const numbers = [0, 0, step, beta1, beta2, epsilon].map((number) =>
    binding.createTensor([], TF_FLOAT, Float32Array.of(number)),
  );
  try {
    const attributes = [float('T'), flag('use_locking', false), flag('use_nesterov', false)];
    const ids = [...held, ...numbers, ...backend.getInputTensorIds([gradient])];
    binding.executeOp('ResourceApplyAdam', attributes, ids, 0);
    return held.map((handle) => {
      const [value] = binding.executeOp('ReadVariableOp', [dtype], [handle], 1);
      return backend.createOutputTensor(value!);
    });
  } finally {
    for (const id of numbers) binding.deleteTensor(id);
    for (const handle of held) {
      binding.executeOp('DestroyResourceOp', [flag('ignore_lookup_error', true)], [handle], 0);
      binding.deleteTensor(handle);
    }
  }
}
