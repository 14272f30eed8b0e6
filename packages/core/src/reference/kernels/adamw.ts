import type { ReferenceKernel } from '../kernel.js';

export const adamw: ReferenceKernel<{ readonly decay: boolean }> = {
  op: 'adamw',
  run({ inputs, outputs: [parameter, first, second], attributes: { decay } }) {
    const [, gradient, , , settings, factor] = inputs;
    const [rate, beta1, beta2, epsilon, weightDecay, correction1, correction2, gradientScale] =
      settings!.data;
    const scale = gradientScale! * (factor ? factor.data[0]! : 1);
    for (let i = 0; i < parameter!.data.length; i++) {
      const g = gradient!.data[i]! * scale;
      const m = beta1! * first!.data[i]! + (1 - beta1!) * g;
      const v = beta2! * second!.data[i]! + (1 - beta2!) * g * g;
      const step = m / correction1! / (Math.sqrt(v / correction2!) + epsilon!);
      const p = parameter!.data[i]!;
      parameter!.data[i] = p - rate! * ((decay ? weightDecay! * p : 0) + step);
      first!.data[i] = m;
      second!.data[i] = v;
    }
  },
};
