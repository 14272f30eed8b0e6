import { DataError } from '@sketchgrad/core';
import { textLines } from '../text.js';
import { lexicographerClasses } from './classes.js';

/** A set of synonyms: where it stands, which class it is of, and what it means. */
export interface Synset {
  /** The file's letter and the offset in it (`n00001740`), which names a synset within one WordNet version. */
  readonly key: string;
  /** Number of its lexicographer file, 0 … 44. */
  readonly lexicographerFile: number;
  /** The gloss without its examples of use. */
  readonly definition: string;
  /** The line without its gloss: words and pointers. */
  readonly head: string;
  /** Where the line stands in its file, counted from 1. */
  readonly line: number;
}

/**
 * Reads a `data.*` file of WordNet (wndb(5WN)): lines of an offset, a lexicographer file number, words
 * and pointers, then ` | ` and the gloss. Lines that start with a blank are the licence.
 *
 * @param letter n, v, a or r: the file's part of speech
 * @param file named in errors
 * @throws DataError, with the line, on a line of another form
 */
export function parseSynsets(text: string, letter: string, file: string): Synset[] {
  const synsets: Synset[] = [];
  textLines(text).forEach((line, index) => {
    if (line.startsWith(' ')) return;
    const bar = line.indexOf(' | ');
    const offset = line.slice(0, 8);
    const lexicographerFile = Number(line.slice(9, 11));
    if (bar === -1 || !/^\d{8} \d\d $/.test(line.slice(0, 12))) {
      throw new DataError(
        file,
        `'${line.slice(0, 40)}': expected an offset of 8 digits, a class of 2, and a gloss after ' | '`,
        index + 1,
      );
    }
    if (lexicographerFile >= lexicographerClasses.length) {
      throw new DataError(
        file,
        `lexicographer file ${lexicographerFile}: expected 0 to ${lexicographerClasses.length - 1}`,
        index + 1,
      );
    }
    const definition = definitionOf(line.slice(bar + 3));
    const head = line.slice(0, bar);
    synsets.push({
      key: `${letter}${offset}`,
      lexicographerFile,
      definition,
      head,
      line: index + 1,
    });
  });
  if (synsets.length === 0) throw new DataError(file, 'holds no synsets');
  return synsets;
}

// A gloss is a definition, then examples in quotation marks: `facing the axis; "the adaxial surface"`.
function definitionOf(gloss: string): string {
  const examples = gloss.indexOf('; "');
  return (examples === -1 ? gloss : gloss.slice(0, examples)).trim();
}
