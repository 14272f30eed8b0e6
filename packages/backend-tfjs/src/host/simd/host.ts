import { checkIndices, codeInputs } from '@sketchgrad/core/backend';
import type { FactorRows, Host } from '../host.js';
import { plainHost } from '../plain.js';
import { type CodeTile, codeTile } from './code-tile.js';
import type { Module } from './module.js';

/** As many numbers as codes are packed by. */
const PACKED = 32;

/** Rows whose random words are drawn at once. */
const DRAWN = 8;

/** Dropout's factors that lie in the module's memory: those of more are put together from so many each. */
const MOST_FACTORS = 1 << 21;

/** Words of room for the random words of so many elements, and some behind them. */
const FACTOR_ROOM = 2064 + 16;

const padded = (features: number): number => Math.ceil(features / 64) * 64;

/** Words of room for signs, a row and the random words of {@link DRAWN} rows. */
const rowRoom = (features: number): number => padded(features) * (2 + DRAWN / 16);

/** By WebAssembly's SIMD. */
export function simdHost({ kernels, room }: Module): Host {
  /** Local ranks where the kernels look for those of rows from `begin` on. */
  const placeRanks = ({ ranks }: CodeTile, begin: number): number => {
    if (!ranks) return 0;
    const address = room.take(begin + ranks.length);
    room.words(address + 4 * begin, ranks.length).set(ranks);
    return address;
  };

  return {
    quantizer(node, features, coded) {
      const { segments, group, rotate, stream } = node.attributes;
      const { key, ranks, codes, ranges } = coded;
      const [rows, groups] = ranges.shape as [number, number];
      if (ranks) checkIndices(node, 'rank', ranks, rows);
      return (begin, x) => {
        const count = x.length / features;
        const tile = codeTile([begin, count], { features, segments, ranks }, codes.length);
        room.clear();
        const made = room.take(tile.words);
        const madeRanges = room.take(count * groups);
        const wrong = kernels.quantizeRows(
          ...[room.put(x), room.put(key), placeRanks(tile, begin)],
          ...[
            made - 4 * tile.before,
            madeRanges - 4 * begin * groups,
            room.take(rowRoom(features)),
          ],
          ...[begin, begin + count, features, group, rotate ? 1 : 0, stream, ...tile.counts],
        );
        // It says what is wrong.
        if (wrong > 0) return plainHost.quantizer(node, features, coded)(begin, x);
        ranges.data.set(room.words(madeRanges, count * groups), begin * groups);
        let at = made;
        for (const [word, words] of tile.parts) {
          codes.set(room.words(at, words), word);
          at += 4 * words;
        }
      };
    },
    reader(node, inputs, turned) {
      const { segments, group, features, stream } = node.attributes;
      const { codes, ranges, key, ranks } = codeInputs(inputs, stream);
      const [rows, groups] = ranges.shape as [number, number];
      if (ranks) checkIndices(node, 'rank', ranks.data, rows);
      const layout = { features, segments, ranks: ranks?.data };
      return (begin, count) => {
        const tile = codeTile([begin, count], layout, codes.data.length);
        room.clear();
        const y = room.take(count * features);
        const own = room.take(tile.words);
        let at = own;
        for (const [word, words] of tile.parts) {
          room.words(at, words).set(codes.data.subarray(word, word + words));
          at += 4 * words;
        }
        const ownRanges = room.put(ranges.data.subarray(begin * groups, (begin + count) * groups));
        const ownKey = key ? room.put(key.data) : 0;
        const work = room.take(rowRoom(features));
        kernels.dequantizeRows(
          ...[
            own - 4 * tile.before,
            ownRanges - 4 * begin * groups,
            ownKey,
            placeRanks(tile, begin),
          ],
          ...[y, work, begin, begin + count, features, group, stream ?? 0, ...tile.counts],
        );
        if (turned) kernels.rotateFeatures(0, 1, y, y, work, count, features, group, 1);
        return room.floats(y, count * features);
      };
    },
    fewBitGelu: (bits, thresholds, words) => (begin, x) => {
      room.clear();
      const count = Math.ceil(x.length / PACKED) * bits;
      const codes = room.take(count);
      const numbers = room.put(x);
      kernels.fewBitGelu(0, 1, numbers, room.put(thresholds), numbers, codes, x.length, bits);
      words.set(room.words(codes, count), (begin / PACKED) * bits);
      return room.floats(numbers, x.length);
    },
    fewBitGeluGradient: (bits, values, words) => (begin, dy) => {
      room.clear();
      const first = (begin / PACKED) * bits;
      const count = Math.ceil(dy.length / PACKED) * bits;
      const codes = room.put(words.subarray(first, first + count));
      const cotangents = room.put(dy);
      const made = room.put(values);
      kernels.fewBitGeluGradient(0, 1, cotangents, codes, made, cotangents, dy.length, bits);
      return room.floats(cotangents, dy.length);
    },
    dropoutFactors(count, parts, bits) {
      room.clear();
      const [key, words] = [room.put(bits.key), room.take(FACTOR_ROOM)];
      const write = (to: number, { first, rows, run, width }: FactorRows) =>
        kernels.dropoutFactors(
          ...[to, words, key, bits.stream, Math.floor(first / 4), first % 4],
          ...[rows, run, width, bits.threshold],
        );
      const covered = parts.reduce((sum, { rows, width }) => sum + rows * width, 0);
      const factors = room.take(Math.min(count, MOST_FACTORS));
      if (count <= MOST_FACTORS) {
        if (covered < count) room.floats(factors, count).fill(0);
        for (const part of parts) write(factors + 4 * part.at, part);
        return room.floats(factors, count);
      }
      const all = new Float32Array(count);
      for (const part of cut(parts)) {
        const own = part.rows * part.width;
        write(factors, part);
        all.set(room.floats(factors, own), part.at);
      }
      return all;
    },
  };
}

/** Parts of at most {@link MOST_FACTORS} each. */
function* cut(parts: readonly FactorRows[]): Generator<FactorRows> {
  for (const part of parts) {
    // Rows that nothing fills up are one.
    const { at, first, rows, run, width } =
      part.run === part.width ? { ...part, rows: part.rows * part.run, run: 1, width: 1 } : part;
    const each = Math.max(1, Math.floor(MOST_FACTORS / width));
    for (let row = 0; row < rows; row += each) {
      const count = Math.min(each, rows - row);
      const own = { at: at + row * width, first: first + row * run };
      yield width === 1
        ? { ...own, rows: 1, run: count, width: count }
        : { ...own, rows: count, run, width };
    }
  }
}
