/** What a candidate costs in a layer. */
export interface Cost {
  readonly bytes: number;
  readonly variance: number;
}

/** A choice of one candidate for each layer, and what it costs in all. */
export interface Trade extends Cost {
  /** The index of each layer's candidate: [layers] */
  picks(): number[];
}

/** More trades than this are thinned out. */
const MANY = 20_000;

/** How far above the least variance thinning may lead, over all layers. */
const SLACK = 0.02;

/** The last pick, and those before it. */
interface State extends Cost {
  readonly pick: number;
  readonly before: State | undefined;
}

/**
 * All choices that no other one beats in bytes and in variance, by rising bytes and falling
 * variance: the answers to every budget at once (a multiple-choice knapsack, solved by dynamic
 * programming over its undominated partial sums; Nemhauser and Ullmann 1969). Exact, unless there
 * are very many: then of choices whose variance is the same within a small share the smallest
 * stays, so that at any budget the variance is within 2 % of the least.
 *
 * @param layers the candidates of each layer, at least one
 */
export function bestTrades(layers: readonly (readonly Cost[])[]): Trade[] {
  let states: State[] = [{ bytes: 0, variance: 0, pick: -1, before: undefined }];
  for (const candidates of layers) {
    const sums = states.flatMap((before) =>
      candidates.map(
        ({ bytes, variance }, pick): State => ({
          bytes: before.bytes + bytes,
          variance: before.variance + variance,
          pick,
          before,
        }),
      ),
    );
    states = undominated(sums);
    if (states.length > MANY) states = thinned(states, SLACK / layers.length);
  }
  return states.map((state) => ({
    bytes: state.bytes,
    variance: state.variance,
    picks: () => picksOf(state),
  }));
}

/** By rising bytes, each of less variance than all before it. */
function undominated(states: State[]): State[] {
  states.sort((a, b) => a.bytes - b.bytes || a.variance - b.variance);
  let least = Number.POSITIVE_INFINITY;
  return states.filter(({ variance }) => {
    if (variance >= least) return false;
    least = variance;
    return true;
  });
}

/** Of states whose variances are within a share of each other, the one of fewest bytes. */
function thinned(states: readonly State[], share: number): State[] {
  let ceiling = Number.POSITIVE_INFINITY;
  return states.filter(({ variance }) => {
    // Zero is like nothing else.
    if (variance > 0 && variance * (1 + share) > ceiling) return false;
    ceiling = variance;
    return true;
  });
}

function picksOf(state: State): number[] {
  const picks: number[] = [];
  for (let at: State | undefined = state; at && at.pick >= 0; at = at.before) picks.push(at.pick);
  return picks.reverse();
}
