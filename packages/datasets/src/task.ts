/** The name of a score that a task is judged by, as in the GLUE paper (arXiv 1804.07461). */
export type MetricName = 'accuracy' | 'f1' | 'matthews' | 'pearson' | 'spearman';

/** What a data set asks to be predicted, and how a prediction is judged. */
export interface Task {
  /** Short lower-case name, as used on a command line: `cola`, `wordnet`. */
  readonly name: string;
  /** Names of the classes; a label is an index into this list. Empty for a regression. */
  readonly labels: readonly string[];
  /** True where the label is a real number (STS-B), false where it is a class. */
  readonly regression: boolean;
  /** The scores that the task is judged by, the leading one first. */
  readonly metrics: readonly MetricName[];
}

/** One sentence or one pair of sentences. */
export interface Example {
  readonly first: string;
  /** The second sentence of a pair; undefined in single-sentence tasks. */
  readonly second?: string;
  /** Index of the class, or the score of a regression; null where the file has no labels. */
  readonly label: number | null;
}

/** The rows of one split of a data set, in a fixed order. */
export interface Examples {
  readonly task: Task;
  /** Which part of the data this is, for example `train` or `dev`. */
  readonly split: string;
  /** The files that the rows were read from. */
  readonly files: readonly string[];
  readonly rows: readonly Example[];
  /** What the reader of the results should know, as sentences: rows left out, another split used. */
  readonly notes: readonly string[];
}
