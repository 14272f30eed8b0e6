import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { Tf } from '../tensors/tf.js';

/** TensorFlow's description of a tensor. */
interface Metadata {
  readonly id: number;
}

/** An attribute of an op. */
interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** What tfjs-node's backend has, beside what TensorFlow.js asks of all, to run TensorFlow's ops. */
export interface NodeBackend {
  readonly binding: {
    createTensor(shape: readonly number[], type: number, data: Int32Array | Float32Array): number;
    deleteTensor(id: number): void;
    executeOp(
      name: string,
      attributes: readonly Attribute[],
      ids: readonly number[],
      outputs: number,
    ): Metadata[];
    readonly TF_ATTR_BOOL: number;
    readonly TF_ATTR_SHAPE: number;
    readonly TF_ATTR_STRING: number;
    readonly TF_ATTR_TYPE: number;
    readonly TF_FLOAT: number;
    readonly TF_INT32: number;
  };
  readonly tensorMap: { get(dataId: object): { readonly shape: readonly number[]; dtype: number } };
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  createOutputTensor(metadata: Metadata): Tensor;
  executeMultipleOutputs(...given: unknown[]): unknown;
  executeSingleOutput(...given: unknown[]): unknown;
}

export const nodeBackendOf = (tf: Tf): NodeBackend =>
  tf.engine().findBackend('tensorflow') as unknown as NodeBackend;
