import { onHost } from './on-host.js';

export const sampleRows = onHost('sampleRows');
export const uniformRows = onHost('uniformRows');
