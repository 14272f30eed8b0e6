import { monteCarlo } from './monte-carlo.js';

monteCarlo([2, 3]);
