import { onHost } from './on-host.js';

export const winnerRows = onHost('winnerRows');
