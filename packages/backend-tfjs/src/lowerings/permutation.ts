import { onHost } from './on-host.js';

export const permutation = onHost('permutation');
