import type { CopyCall } from '../kernels/kernel.js';
import type { PreparedStep } from './prepare-step.js';

/** A copy between the arena and the host store, block by block of the latter; all are of one size. */
export function prepareCopy(
  { direction, address, hostOffset, bytes }: CopyCall,
  memory: WebAssembly.Memory,
  blocks: readonly SharedArrayBuffer[],
): PreparedStep {
  const pieces: { target: Int32Array; source: Int32Array }[] = [];
  const blockBytes = blocks[0]!.byteLength;
  for (let done = 0; done < bytes; ) {
    const at = hostOffset + done;
    const within = at % blockBytes;
    const size = Math.min(bytes - done, blockBytes - within);
    const words = size / Int32Array.BYTES_PER_ELEMENT;
    const device = new Int32Array(memory.buffer, address + done, words);
    const host = new Int32Array(blocks[Math.floor(at / blockBytes)]!, within, words);
    pieces.push(
      direction === 'toHost' ? { target: host, source: device } : { target: device, source: host },
    );
    done += size;
  }
  const run = () => {
    for (const { target, source } of pieces) target.set(source);
  };
  return { run, release: () => undefined };
}
