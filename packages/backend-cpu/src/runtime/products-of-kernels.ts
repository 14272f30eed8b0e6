import type { GemmCall, MatrixAt } from '../kernels/kernel.js';
import type { Pointer } from './onnx-runtime.js';
import { type PreparedStep, prepareGemm } from './prepare-step.js';

/** The products that kernels ask for, as `attention/library.ts` of the assembly numbers them. */
const KINDS: readonly Pick<GemmCall, 'transposeA' | 'transposeB' | 'accumulate'>[] = [
  { transposeA: false, transposeB: false },
  { transposeA: false, transposeB: true },
  { transposeA: true, transposeB: false },
  { transposeA: true, transposeB: false, accumulate: true },
];

type Seven = [number, number, number, number, number, number, number];

/** Prepared products are kept up to so many: those of a few executables at a few hundred lengths. */
const MOST_PREPARED = 4096;

type Level = Map<number, Level | PreparedStep>;

/** Prepared products by the numbers that they are asked for with: a map for each, as text would be slow. */
class Prepared {
  #first: Level = new Map();
  #all: PreparedStep[] = [];

  /** The product of these numbers, made if it is not there. */
  get(numbers: readonly number[], make: () => PreparedStep): PreparedStep {
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
    const known = level.get(last) as PreparedStep | undefined;
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
  // Addresses from 2 GiB on come out of WebAssembly as negative numbers.
  const matrix = (address: number, rows: number, columns: number): MatrixAt => ({
    address: address >>> 0,
    rows,
    columns,
  });
  const prepare = (numbers: readonly number[]): PreparedStep => {
    const [kind, a, b, c, m, inner, n] = numbers as Seven;
    const product = KINDS[kind]!;
    return prepareGemm(
      {
        ...product,
        a: product.transposeA ? matrix(a, inner, m) : matrix(a, m, inner),
        b: product.transposeB ? matrix(b, n, inner) : matrix(b, inner, n),
        c: matrix(c, m, n),
      },
      base,
    );
  };
  return (...numbers) => prepared.get(numbers, () => prepare(numbers)).run();
}
