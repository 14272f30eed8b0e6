/** Sizes of a case, by the names that the suite gives the axes of an op. */
export type Sizes = Readonly<Record<string, number>>;

/**
 * A size inside a backend's kernel, where it begins another vector, tile, block or thread's share.
 * The suite runs the op at one below it, at it, and at one above it.
 */
export interface Edge {
  /** The axis: `rows`, `features`, `elements` and others, as the suite names them for the op. */
  readonly along: string;
  readonly at: number;
  /** The op's other sizes, where the edge lies there only for some; else they are small. */
  readonly where?: Sizes;
}

/** The edges of every op's kernel, by the op's name; an empty list for a kernel that has none. */
export type Edges = Readonly<Record<string, readonly Edge[]>>;
