import { HOST_MODULE } from '@sketchgrad/assembly/host';
import { Room } from './room.js';

/** Kernels, as `host.ts` of the assembly exports them: addresses and whole numbers. */
export interface Kernels {
  dequantizeRows(...numbers: number[]): void;
  dropoutFactors(...numbers: number[]): void;
  fewBitGelu(...numbers: number[]): void;
  fewBitGeluGradient(...numbers: number[]): void;
  /** @returns 1 + the position of a value for which there is no range, or 0 */
  quantizeRows(...numbers: number[]): number;
  rotateFeatures(...numbers: number[]): void;
}

/** An instance of the module, and its memory. */
export interface Module {
  readonly kernels: Kernels;
  readonly room: Room;
}

/** @returns undefined where there is no WebAssembly, or none with SIMD, or a page may not compile any */
export async function loadModule(): Promise<Module | undefined> {
  const bytes = Uint8Array.from(atob(HOST_MODULE), (letter) => letter.charCodeAt(0));
  if (typeof WebAssembly !== 'object' || !WebAssembly.validate(bytes)) return undefined;
  try {
    const { instance } = await WebAssembly.instantiate(bytes);
    const { memory, roomBegin, ...kernels } = instance.exports as unknown as Kernels & {
      readonly memory: WebAssembly.Memory;
      roomBegin(): number;
    };
    return { kernels, room: new Room(memory, roomBegin()) };
  } catch (error) {
    // A page's policy that is without 'wasm-unsafe-eval'.
    if (error instanceof WebAssembly.CompileError) return undefined;
    throw error;
  }
}
