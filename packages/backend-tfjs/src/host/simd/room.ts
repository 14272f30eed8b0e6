import type { TensorData } from '@sketchgrad/core';

const PAGE_BYTES = 65_536;

/** What kernels may read behind a tensor's end, and where tensors begin: at multiples of it. */
const LINE_BYTES = 64;

/** The module's memory: room for one call of a kernel after another. It grows to what the largest takes. */
export class Room {
  #next: number;

  /** @param begin behind the module's own data */
  constructor(
    private readonly memory: WebAssembly.Memory,
    private readonly begin: number,
  ) {
    this.#next = begin;
  }

  /** Gives all room back. */
  clear(): void {
    this.#next = this.begin;
  }

  /** Room for so many words of four bytes. @returns its address */
  take(count: number): number {
    const address = this.#next;
    this.#next = address + (Math.ceil((4 * count) / LINE_BYTES) + 1) * LINE_BYTES;
    const missing = this.#next - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE_BYTES));
    return address;
  }

  /** Room with numbers in it. @returns its address */
  put(data: TensorData): number {
    const address = this.take(data.length);
    if (data instanceof Int32Array) this.words(address, data.length).set(data);
    else this.floats(address, data.length).set(data);
    return address;
  }

  /** What lies there, until more room is taken. */
  floats(address: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, count);
  }

  words(address: number, count: number): Int32Array {
    return new Int32Array(this.memory.buffer, address, count);
  }
}
