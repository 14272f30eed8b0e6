import { elements, scale, sum, type Value } from '@sketchgrad/core';

/** The mean of all elements: f32 []. */
export const mean = (x: Value): Value => scale(sum(x), 1 / elements(x));
