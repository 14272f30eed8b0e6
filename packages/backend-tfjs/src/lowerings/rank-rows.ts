import { onHost } from './on-host.js';

export const rankRows = onHost('rankRows');
