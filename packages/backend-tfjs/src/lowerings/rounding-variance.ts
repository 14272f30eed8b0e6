import { onHost } from './on-host.js';

export const roundingVariance = onHost('roundingVariance');
