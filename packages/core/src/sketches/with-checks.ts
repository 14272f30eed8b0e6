import { checkCount } from '../checks/check-members.js';
import { checkKey, checkValue } from '../graph/arguments.js';
import { checkedMoments } from '../variance/checked-moments.js';
import type { Sketch } from './sketch.js';

/** A sketch that refuses what is none of the arguments of its methods. */
export const withChecks = (sketch: Sketch): Sketch => ({
  ...sketch,
  apply: (x, key, rows) => {
    checkValue(`${sketch.name}: x`, x);
    checkKey(`${sketch.name}: key`, key);
    checkCount("a sketch's rows", rows);
    return sketch.apply(x, key, rows);
  },
  variance: (moments, rows) => {
    checkedMoments(moments);
    checkCount("a sketch's rows", rows);
    return sketch.variance(moments, rows);
  },
});
