/** Field types of protocol buffers' wire format. */
const VARINT = 0;
const LENGTH_DELIMITED = 2;

const ONNX_FLOAT = 1;
const ATTRIBUTE_INT = 2;

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

const integer = (field: number, value: number): number[] => [
  ...varint(field * 8 + VARINT),
  ...varint(value),
];

const message = (field: number, ...parts: readonly number[][]): number[] => {
  const body = parts.flat();
  return [...varint(field * 8 + LENGTH_DELIMITED), ...varint(body.length), ...body];
};

const text = (field: number, value: string): number[] => message(field, [...Buffer.from(value)]);

const attribute = (name: string, value: number): number[] =>
  message(5, text(1, name), integer(3, value), integer(20, ATTRIBUTE_INT));

const tensor = (field: number, name: string, dimensions: readonly string[]): number[] => {
  const shape = dimensions.map((dimension) => message(1, text(2, dimension)));
  const type = message(1, integer(1, ONNX_FLOAT), message(2, ...shape));
  return message(field, text(1, name), message(2, type));
};

/** What a matrix product's one-node model fixes; sizes stay free. */
export interface ProductModel {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** A third input: `vector` f32 [n] on every row, or `matrix` f32 [m, n]. */
  readonly addend: 'none' | 'vector' | 'matrix';
}

const ADDENDS = { none: [], vector: [['n']], matrix: [['m', 'n']] } as const;

/**
 * An ONNX model of one Gemm: c = a · b + addend, with inputs `a`, `b`, `addend` and output `c`. Format:
 * onnx.proto3 (ModelProto, GraphProto, NodeProto, ValueInfoProto), IR version 9, operator set 17.
 */
export function productModel({
  transposeA,
  transposeB,
  addend,
}: ProductModel): Uint8Array<ArrayBuffer> {
  const inputs: [string, readonly string[]][] = [
    ['a', ['a0', 'a1']],
    ['b', ['b0', 'b1']],
    ...ADDENDS[addend].map((shape): [string, readonly string[]] => ['addend', shape]),
  ];
  const node = message(
    1,
    ...inputs.map(([name]) => text(1, name)),
    text(2, 'c'),
    text(4, 'Gemm'),
    attribute('transA', Number(transposeA)),
    attribute('transB', Number(transposeB)),
  );
  const graph = message(
    7,
    node,
    text(2, 'product'),
    ...inputs.map(([name, shape]) => tensor(11, name, shape)),
    tensor(12, 'c', ['m', 'n']),
  );
  return Uint8Array.from([...integer(1, 9), ...graph, ...message(8, text(1, ''), integer(2, 17))]);
}
