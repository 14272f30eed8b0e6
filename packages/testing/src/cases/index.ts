import { attentionCases } from './attention.js';
import { batchCases } from './batch.js';
import { binaryCrossEntropyCases } from './binary-cross-entropy.js';
import type { OperationCase } from './case.js';
import { copyCases } from './copies.js';
import { drawnRowsCases } from './drawn-rows.js';
import { elementWiseCases } from './element-wise.js';
import { exampleGradientCases } from './example-gradients.js';
import { fewBitGeluCases } from './few-bit-gelu.js';
import { indexedCases } from './indexed.js';
import { productCases } from './products.js';
import { quantizationCases } from './quantization.js';
import { rowWiseCases } from './row-wise.js';
import { shapeChangingCases } from './shape-changing.js';
import { sketchCases } from './sketches.js';
import { sparseCases } from './sparse.js';
import { updateCases } from './updates.js';
import { windowCases } from './windows.js';

/** Every op at several shapes: odd ones, of size 1, empty where that is legal. */
export const operationCases: readonly OperationCase[] = [
  ...elementWiseCases,
  ...fewBitGeluCases,
  ...shapeChangingCases,
  ...productCases,
  ...quantizationCases,
  ...sketchCases,
  ...rowWiseCases,
  ...batchCases,
  ...copyCases,
  ...binaryCrossEntropyCases,
  ...indexedCases,
  ...drawnRowsCases,
  ...attentionCases,
  ...exampleGradientCases,
  ...sparseCases,
  ...updateCases,
  ...windowCases,
];
