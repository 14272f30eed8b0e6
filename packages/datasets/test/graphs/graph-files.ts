/** Contents of files by their paths; text is gzip'd where the path ends in `.gz`. */
export type GraphFiles = Readonly<Record<string, string | Uint8Array>>;

/** Five nodes in a ring of four directed edges and one edge twice; three features, two classes. */
export const ring: GraphFiles = {
  'raw/num-node-list.csv.gz': '5\n',
  'raw/num-edge-list.csv.gz': '6\n',
  'raw/edge.csv.gz': '3,4\n0,1\n1,2\n2,3\n1,0\n2,2\n',
  'raw/node-feat.csv.gz': '1,0,-0.5\n0,1,1e-3\n0.25,0,0\n3,3,3\n0.1,0.2,0.3\n',
  'raw/node-label.csv.gz': '0\n1\n1\n0\n1\n',
  'split/public/train.csv.gz': '4\n0\n',
  'split/public/valid.csv.gz': '1\n',
  'split/public/test.csv.gz': '2\n3\n',
};

/** A NumPy file of version 1. */
export function npy(descr: string, shape: readonly number[], data: ArrayBufferView): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const padded = `${header.padEnd(117)}\n`;
  const start = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length, 0);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.concat([start, Buffer.from(padded, 'latin1'), bytes]);
}
