import { elementKernel } from '../../kernel.js';
import { RANDOM_WORD } from '../../wgsl/random.js';
import { THREEFRY } from '../../wgsl/threefry.js';

/** key: i32 [2] → words: u32 [count], a stream's, from the `first` on. */
export const randomWords = elementKernel({
  name: 'randomWords',
  operands: { key: 'u32', words: 'u32' },
  uniforms: { stream: 'u32', first: 'u32' },
  declarations: () => `${THREEFRY}${RANDOM_WORD}`,
  main: ({ key, words }) =>
    `${words}[i] = randomWord(vec2u(${key}[0], ${key}[1]), uniforms.stream, uniforms.first + i);`,
});
