export { bytesColumn, type Column, comparisonTable } from './comparison-table.js';
export { ResidentPeak } from './resident-peak.js';
