/**
 * Lets what waits outside have its turn: a signal handler, a browser's page. A backend that computes
 * on this thread would otherwise hold it for the whole run.
 */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
