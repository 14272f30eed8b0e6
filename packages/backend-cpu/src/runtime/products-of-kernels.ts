import type { ProductModel } from './onnx-model.js';
import type { Pointer } from './onnx-runtime.js';
import { type PreparedProduct, prepareProduct, type TensorAt } from './onnx-session.js';

/** The products that kernels ask for, as `assembly/attention/library.ts` numbers them. */
const KINDS: readonly ProductModel[] = [
  { transposeA: false, transposeB: false, addend: 'none' },
  { transposeA: false, transposeB: true, addend: 'none' },
  { transposeA: true, transposeB: false, addend: 'none' },
  // Gemm copies the addend into the output first: over itself, which changes nothing.
  { transposeA: true, transposeB: false, addend: 'matrix' },
];

type Seven = [number, number, number, number, number, number, number];

/** Prepared products are kept up to so many: those of a few executables at a few hundred lengths. */
const MOST_PREPARED = 4096;

type Level = Map<number, Level | PreparedProduct>;

/** Prepared products by the numbers that they are asked for with: a map for each, as text would be slow. */
class Prepared {
  #first: Level = new Map();
  #all: PreparedProduct[] = [];

  /** The product of these numbers, made if it is not there. */
  get(numbers: readonly number[], make: () => PreparedProduct): PreparedProduct {
    let level = this.#first;
    for (let i = 0; i < numbers.length - 1; i++) {
      let next = level.get(numbers[i]!) as Level | undefined;
      if (!next) {
        next = new Map();
        level.set(numbers[i]!, next);
      }
      level = next;
    }
    const last = numbers.at(-1)!;
    const known = level.get(last) as PreparedProduct | undefined;
    if (known) return known;
    if (this.#all.length === MOST_PREPARED) {
      this.#clear();
      return this.get(numbers, make);
    }
    const made = make();
    this.#all.push(made);
    level.set(last, made);
    return made;
  }

  #clear(): void {
    for (const product of this.#all) product.release();
    this.#all = [];
    this.#first = new Map();
  }
}

/**
 * What the kernels import as `product`: c = a · b of matrices without gaps in WebAssembly memory, by
 * address and sizes. Each is prepared when it is first asked for.
 *
 * @param base the native address of WebAssembly's address 0
 */
export function productsAt(base: Pointer): (...numbers: number[]) => void {
  const prepared = new Prepared();
  const tensor = (address: number, ...shape: number[]): TensorAt => ({
    // Addresses from 2 GiB on come out of WebAssembly as negative numbers.
    address: base + BigInt(address >>> 0),
    shape,
  });
  const prepare = (numbers: readonly number[]): PreparedProduct => {
    const [kind, a, b, c, m, inner, n] = numbers as Seven;
    const model = KINDS[kind]!;
    const operands = {
      a: model.transposeA ? tensor(a, inner, m) : tensor(a, m, inner),
      b: model.transposeB ? tensor(b, n, inner) : tensor(b, inner, n),
      c: tensor(c, m, n),
    };
    const addend = model.addend === 'none' ? {} : { addend: operands.c };
    return prepareProduct(model, { ...operands, ...addend });
  };
  return (...numbers) => prepared.get(numbers, () => prepare(numbers)).run();
}
