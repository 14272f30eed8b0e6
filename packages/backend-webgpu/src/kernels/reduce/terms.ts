/** What is summed up of a and b at an element, by what kernels call it: a; a²; a b. */
export const TERM = { values: 0, squares: 1, products: 2 } as const;

export type Terms = keyof typeof TERM;
