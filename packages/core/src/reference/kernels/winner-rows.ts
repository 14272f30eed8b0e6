import { checkWeights } from '../../execution/indices.js';
import { chooseWinners, uniform53 } from '../../random/draw-rows.js';
import type { ReferenceKernel } from '../kernel.js';

export const winnerRows: ReferenceKernel<{ readonly count: number; readonly stream: number }> = {
  op: 'winnerRows',
  run({ node, inputs: [weights, key], outputs, attributes: { count, stream } }) {
    checkWeights(node, weights!.data);
    const rows = weights!.data.length;
    const { order, rest, winners } = chooseWinners(weights!.data, count);
    const [indices, factors, others] = outputs.map(({ data }) => data);
    order.forEach((row, place) => {
      others![row] = place < winners ? 0 : 1;
    });
    for (let place = 0; place < count; place++) {
      let at = place;
      let factor = 1;
      if (place >= winners) {
        const u = uniform53(key!.data, stream, place);
        const total = rest[winners]!;
        if (total === 0) {
          at = winners + Math.min(Math.floor(u * (rows - winners)), rows - winners - 1);
          factor = (rows - winners) / (count - winners);
        } else {
          at = winners;
          while (rest[at + 1]! > u * total) at++;
          factor = total / ((count - winners) * (rest[at]! - rest[at + 1]!));
        }
      }
      indices![place] = order[at]!;
      factors![place] = factor;
    }
  },
};
