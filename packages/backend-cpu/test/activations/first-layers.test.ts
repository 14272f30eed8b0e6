import { monteCarlo } from './monte-carlo.js';

monteCarlo([0, 1]);
