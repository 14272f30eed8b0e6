/** What all products are told: sizes, and how far apart elements of a and b lie, in elements. */
export const PRODUCT_UNIFORMS = {
  m: 'u32',
  n: 'u32',
  k: 'u32',
  biased: 'u32',
  aBatch: 'u32',
  aRow: 'u32',
  aInner: 'u32',
  bBatch: 'u32',
  bInner: 'u32',
  bColumn: 'u32',
} as const;

export const PRODUCT_OPERANDS = { a: 'f32', b: 'f32', bias: 'f32', y: 'f32' } as const;
