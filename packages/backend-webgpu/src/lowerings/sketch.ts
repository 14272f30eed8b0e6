import {
  BackendError,
  diagonalBlocks,
  GAUSSIANS_PER_BLOCK,
  gaussianTable,
  type ProjectFeaturesAttributes,
  type SketchKind,
} from '@sketchgrad/core';
import { ENTRIES, randomProduct, TILE } from '../kernels/random-product/kernel.js';
import { type Dispatch, dispatch, type Lowering, type LoweringContext } from '../lowering.js';
import { checkedIndices } from './indexed.js';

type Given = Parameters<
  typeof dispatch<typeof randomProduct.operands, typeof randomProduct.uniforms>
>[1];
type Uniforms = Given['uniforms'];

/** The kernel over all tiles of the product. @param most rows of the largest block's sketch */
function productOf(
  given: Omit<Given, 'groups' | 'uniforms'> & {
    readonly uniforms: Omit<Uniforms, 'tiles' | 'columnTiles'>;
  },
  most: number,
): Dispatch {
  const { operands, uniforms } = given;
  const { rows, columnBlocks, blocks, columns } = uniforms as Readonly<Record<string, number>>;
  if (rows! * columnBlocks! > 2 ** 32)
    throw new BackendError(
      `a random matrix of ${rows} columns, each of ${columnBlocks} random blocks, is larger than the webgpu backend draws`,
    );
  const [tiles, columnTiles] = [Math.ceil(most / TILE), Math.ceil(columns! / TILE)];
  return dispatch(randomProduct, {
    operands,
    uniforms: { ...uniforms, tiles, columnTiles },
    groups: tiles * columnTiles * blocks!,
  });
}

const table = (context: LoweringContext) => context.table('gaussians', gaussianTable);

const PER_BLOCK: Readonly<Record<SketchKind, number>> = {
  gaussian: GAUSSIANS_PER_BLOCK,
  rademacher: 64,
};

export const sketch: Lowering<{
  readonly kind: SketchKind;
  readonly rows: number;
  readonly stream: number;
  readonly blockRows: number | undefined;
}> = {
  op: 'sketch',
  lower(node, context) {
    const { inputs, outputs, attributes } = node;
    const [x, key, order] = inputs;
    const { kind, rows, stream, blockRows } = attributes;
    const [n, columns] = x!.shape as [number, number];
    const blocks = diagonalBlocks(n, rows, blockRows);
    const most = Math.ceil(rows / blocks.length);
    return [
      ...(order ? [checkedIndices(node, order, { count: n, limit: n })] : []),
      productOf(
        {
          operands: { x, key, order, table: table(context), y: outputs[0] },
          uniforms: {
            ...{ kind: ENTRIES[kind], stream, n, rows, columns, blocks: blocks.length },
            columnBlocks: Math.ceil(blocks[0]!.end / PER_BLOCK[kind]),
            ...{ ordered: Number(order !== undefined), xRow: columns, xColumn: 1 },
            ...{
              longer: 1 / Math.sqrt(most),
              shorter: 1 / Math.sqrt(Math.floor(rows / blocks.length)),
            },
            ...{ yRow: columns, yColumn: 1 },
          },
        },
        most,
      ),
    ];
  },
};

export const projectFeatures: Lowering<ProjectFeaturesAttributes> = {
  op: 'projectFeatures',
  lower({ inputs: [x, key], outputs: [y], attributes }, context) {
    const { features, columns, back, stream } = attributes;
    const scale = 1 / Math.sqrt(columns);
    const [n, rows] = back ? [columns, features] : [features, columns];
    return [
      productOf(
        {
          operands: { x, key, order: undefined, table: table(context), y },
          uniforms: {
            ...{ kind: back ? ENTRIES.across : ENTRIES.rademacher, stream, n, rows, blocks: 1 },
            ...{ columnBlocks: Math.ceil(features / 64), ordered: 0, columns: x!.shape[0]! },
            ...{ longer: scale, shorter: scale },
            ...{ xRow: 1, xColumn: n, yRow: 1, yColumn: rows },
          },
        },
        rows,
      ),
    ];
  },
};
