import { formatBytes } from '@sketchgrad/core';

/** How far a download is. */
interface Downloaded {
  readonly url: string;
  readonly receivedBytes: number;
  /** Where the server says. */
  readonly totalBytes: number | undefined;
}

/** Milliseconds from one line to the next. */
const PAUSE = 2000;

/** Says how a download comes on, a line now and then. */
export function downloadProgress(say: (text: string) => void): (event: Downloaded) => void {
  let said = 0;
  return ({ url, receivedBytes, totalBytes }) => {
    const now = performance.now();
    if (now - said < PAUSE) return;
    said = now;
    const of = totalBytes === undefined ? '' : ` of ${formatBytes(totalBytes)}`;
    say(`${url}: ${formatBytes(receivedBytes)}${of}`);
  };
}
