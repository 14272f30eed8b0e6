import { createRequire } from 'node:module';
import type { Tensor } from 'onnxruntime-common';
import { type ProductModel, productModel } from './onnx-model.js';

type Tensors = Readonly<Record<string, Tensor>>;

/** ONNX Runtime's native session; its public wrapper only runs through the event loop. */
interface NativeSession {
  loadModel(model: ArrayBufferLike, offset: number, length: number, options: object): void;
  run(feeds: Tensors, fetches: Tensors, options: object): unknown;
}

interface NativeBinding {
  readonly binding: { readonly InferenceSession: new () => NativeSession };
  initOrt(): void;
}

let native: NativeBinding | undefined;

function loadNative(): NativeBinding {
  if (!native) {
    native = createRequire(import.meta.url)('onnxruntime-node/dist/binding.js') as NativeBinding;
    native.initOrt();
  }
  return native;
}

const sessions = new Map<string, NativeSession>();

/**
 * A single-threaded ONNX Runtime session for a matrix product, one for each kind. Each
 * worker thread has its own: it is the workers that share the work.
 */
export function productSession(model: ProductModel): NativeSession {
  const name = JSON.stringify(model);
  let session = sessions.get(name);
  if (!session) {
    session = new (loadNative().binding.InferenceSession)();
    const bytes = productModel(model);
    session.loadModel(bytes.buffer, bytes.byteOffset, bytes.byteLength, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      enableCpuMemArena: false,
      enableMemPattern: false,
    });
    sessions.set(name, session);
  }
  return session;
}
