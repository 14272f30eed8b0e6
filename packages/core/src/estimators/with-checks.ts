import { type Check, checkSize } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { describeValue } from '../checks/describe-value.js';
import { UsageError } from '../errors.js';
import { checkKey, checkValue } from '../graph/arguments.js';
import { checkedMoments } from '../variance/checked-moments.js';
import { checkPriorities } from './check-priorities.js';
import type { GradientEstimator } from './estimator.js';

const checkKeys: Check = (name, keys) => {
  if (!Array.isArray(keys))
    throw new UsageError(`${name} must be an array of keys, but it is ${describeValue(keys)}`);
  for (const [at, key] of keys.entries()) checkKey(`${name}[${at}]`, key);
};

/** An estimator that refuses what is none of the arguments of its methods. */
export function withChecks(estimator: GradientEstimator): GradientEstimator {
  const { name, random, ranksRows, keep, weightGradient, restore, variance, bytes } = estimator;
  const { varianceTerms, varianceError } = estimator;
  const checkOwnKey = (key: unknown) => {
    if (random) checkKey(`${name}: key`, key);
  };
  const checkShape = (of: string, shape: unknown) => {
    if (!Array.isArray(shape) || shape.length !== 2)
      throw new UsageError(
        `${name}: ${of} takes a shape, [rows, inputs], but it is given ${describeValue(shape)}`,
      );
    checkSize(`${name}: rows`, shape[0]);
    checkSize(`${name}: inputs`, shape[1]);
  };
  const checkKept = (kept: unknown) => {
    if (typeof kept !== 'object' || kept === null)
      throw new UsageError(
        `${name}: kept must be what keep() gave, but it is ${describeValue(kept)}`,
      );
  };
  return {
    ...estimator,
    keep: (x, key, priorities) => {
      checkValue(`${name}: x`, x);
      checkOwnKey(key);
      if (ranksRows) checkValue(`${name}: priorities`, priorities);
      return keep(x, key, priorities);
    },
    weightGradient: (kept, y, key, inputs) => {
      checkKept(kept);
      checkValue(`${name}: y`, y);
      checkOwnKey(key);
      checkSize(`${name}: inputs`, inputs);
      return weightGradient(kept, y, key, inputs);
    },
    ...(restore && {
      restore: (kept, key, shape) => {
        checkKept(kept);
        checkOwnKey(key);
        checkShape('restore', shape);
        return restore(kept, key, shape);
      },
    }),
    variance: (moments, priorities) => {
      checkedMoments(moments);
      if (priorities !== undefined) checkPriorities(priorities, moments.rows);
      return variance(moments, priorities);
    },
    ...(varianceTerms && {
      varianceTerms: (x, y, options) => {
        checkValue(`${name}: x`, x);
        checkValue(`${name}: y`, y);
        checkOptions(`${name}: varianceTerms`, options, {
          keys: checkKeys,
          priorities: ranksRows ? checkValue : true,
        });
        return varianceTerms(x, y, options);
      },
    }),
    ...(varianceError && {
      varianceError: (moments) => varianceError(checkedMoments(moments)),
    }),
    bytes: (shape) => {
      checkShape('bytes', shape);
      return bytes(shape);
    },
  };
}
