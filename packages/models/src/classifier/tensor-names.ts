import type { Shape } from '@sketchgrad/core';
import type { TensorNaming } from '../architectures/architecture.js';

/** A tensor of a Hugging Face checkpoint. */
export interface FileTensor {
  readonly name: string;
  readonly shape: Shape;
}

/**
 * The tensors of a checkpoint that make up a parameter, one below the other: itself, or query, key
 * and value, or the last two, for the layers in which they are fused.
 */
export function fileTensors(
  { name, shape }: FileTensor,
  { projections: { fused, keysValues, parts } }: TensorNaming,
): readonly FileTensor[] {
  const layer = [fused, keysValues].find((one) => name.includes(`.${one}.`));
  if (layer === undefined) return [{ name, shape }];
  const [rows, ...columns] = shape as [number, ...number[]];
  const own = layer === fused ? parts : parts.slice(1);
  return own.map((part) => ({
    name: name.replace(`.${layer}.`, `.${part}.`),
    shape: [rows / own.length, ...columns],
  }));
}

/** What wrappers put before the names of all tensors: DataParallel, torch.compile, Lightning. */
const WRAPPERS = ['module.', '_orig_mod.', 'model.'] as const;

/** The names that a checkpoint's file has for a model's tensors. */
export class TensorNames {
  /** What every name of the file begins with. */
  readonly #wrapper: string;
  readonly #names: ReadonlySet<string>;

  readonly #layer: RegExp;

  constructor(
    names: readonly string[],
    private readonly naming: TensorNaming,
  ) {
    this.#names = new Set(names);
    this.#wrapper = wrapperOf(names);
    this.#layer = new RegExp(`^(?:${naming.prefix}\\.)?${naming.blocks}\\.(\\d+)\\.`);
  }

  /**
   * The file's name for a tensor: its own, or without the encoder's prefix, or with the
   * names of old for normalisations, gamma and beta; undefined where the file has none of them.
   */
  find(name: string): string | undefined {
    return this.#spellings(name)
      .map((spelling) => this.#wrapper + spelling)
      .find((known) => this.#names.has(known));
  }

  /** The layer of the encoder that a tensor of the file belongs to; −1 for others. */
  layerOf(fileName: string): number {
    const name = fileName.slice(this.#wrapper.length);
    const layer = this.#layer.exec(name)?.[1];
    return layer === undefined ? -1 : Number(layer);
  }

  #spellings(name: string): readonly string[] {
    const old = name
      .replace(/\.LayerNorm\.weight$/, '.LayerNorm.gamma')
      .replace(/\.LayerNorm\.bias$/, '.LayerNorm.beta');
    const prefix = `${this.naming.prefix}.`;
    const bare = (full: string) => (full.startsWith(prefix) ? full.slice(prefix.length) : full);
    return [name, bare(name), old, bare(old)];
  }
}

/** Wrappers may stand in one another. */
function wrapperOf(names: readonly string[]): string {
  let wrapper = '';
  for (;;) {
    const next = WRAPPERS.map((one) => wrapper + one).find(
      (prefix) => names.length > 0 && names.every((name) => name.startsWith(prefix)),
    );
    if (next === undefined) return wrapper;
    wrapper = next;
  }
}
