/**
 * What an estimator that ranks rows is handed as its guess of each row's ‖y_i‖², y_i being the
 * row's cotangent: `example`, what it was when the same token was last seen, an epoch ago; or
 * `position`, a moving average over the tokens at its place in the sequence, for data that is seen
 * once.
 */
export const PRIORITY_POLICIES = ['example', 'position'] as const;
export type PriorityPolicy = (typeof PRIORITY_POLICIES)[number];
