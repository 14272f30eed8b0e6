/** What a backend says that it can do. What it does not claim is not asked of it. */
export interface Capabilities {
  /**
   * The tensors of a step lie in the buffers of its plan, where the plan puts them; the option
   * `arenaBytes` makes those smaller, and a step that needs more is refused.
   */
  readonly arena?: boolean;
  /**
   * The largest buffer, in bytes, where buffers have a limit: no tensor may be larger, and a step that
   * needs more lies in several. The option `bufferBytes` makes it smaller. Asked of an arena.
   */
  readonly bufferBytes?: number;
  /** Its kernels write their result over an input that dies, wherever an op allows it. */
  readonly overwrites?: boolean;
  /** What waits in a step that is too large for its arena is moved to a host store and back. */
  readonly hostStore?: boolean;
  /**
   * `measuredPeakBytes` tells what its kernels really touched, and not what was planned for them: with
   * an arena all of the plan's peak; without one, where each tensor is freed when it dies, the persistent
   * tensors and the most that is alive at once, `largestLiveBytes`.
   */
  readonly measuresTouched?: boolean;
  /**
   * Sketches' entries are the reference's to the bit, and a step gives the same bits whenever it runs:
   * again, on a second backend, with more recomputed, around a host store. Without it results are
   * compared to tolerances; which rows and elements are drawn is the reference's on every backend.
   */
  readonly exactBits?: boolean;
  /** Numbers below 2⁻¹²⁶ are not taken for 0. */
  readonly subnormals?: boolean;
  /**
   * Another process makes the same backend and gives the same bits: `fingerprintOf` of
   * `@sketchgrad/testing/process` starts one of Node's. Asked of exact bits.
   *
   * @returns the fingerprint that the other process prints
   */
  readonly processes?: () => Promise<string>;
}
