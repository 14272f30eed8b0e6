import koffi from 'koffi';

/**
 * An ArrayBuffer over the same bytes as a shared WebAssembly memory. ONNX Runtime refuses tensors
 * over a SharedArrayBuffer, although it only reads and writes the memory behind it; a view made from
 * the address is what it accepts. The memory must outlive the view: a shared memory grows in place,
 * so a view stays valid, and covers what there was when it was made.
 */
export function unsharedAlias(memory: WebAssembly.Memory): ArrayBuffer {
  const bytes = new Uint8Array(memory.buffer);
  return koffi.view(koffi.address(bytes), bytes.byteLength);
}
