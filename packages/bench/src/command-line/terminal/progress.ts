import cliProgress from 'cli-progress';
import type { RunProgress } from '../../node/runs/context.js';

/** Milliseconds between two lines where there is no terminal to draw a bar in. */
const LINE_INTERVAL = 5000;

/**
 * How far a run has come, on standard error: a bar in a terminal, elsewhere a line every five
 * seconds and at the end.
 */
export class Progress implements RunProgress {
  #bar: cliProgress.SingleBar | undefined;
  #lastLine = Number.NEGATIVE_INFINITY;
  #label: string;

  /** @param label what counts: `step` */
  constructor(label: string) {
    this.#label = label;
  }

  /** Something else counts from here on. */
  count(label: string): void {
    this.end();
    this.#label = label;
    this.#lastLine = Number.NEGATIVE_INFINITY;
  }

  /** @param details what stands behind the numbers */
  show(done: number, total: number, details: string): void {
    if (process.stderr.isTTY) {
      if (!this.#bar) {
        this.#bar = new cliProgress.SingleBar(
          { format: `${this.#label} {value}/{total} {bar} {details}`, barsize: 24 },
          cliProgress.Presets.shades_grey,
        );
        this.#bar.start(total, done, { details });
        // The bar turns the terminal's line breaks off, and has to turn them on again.
        process.once('exit', this.#restore);
      }
      this.#bar.update(done, { details });
      return;
    }
    const now = performance.now();
    if (now - this.#lastLine < LINE_INTERVAL && done < total) return;
    this.#lastLine = now;
    process.stderr.write(`${this.#label} ${done}/${total}  ${details}\n`);
  }

  /** Leaves the bar as it is: what follows is on lines of its own. */
  end(): void {
    if (!this.#bar) return;
    process.off('exit', this.#restore);
    this.#restore();
  }

  readonly #restore = (): void => {
    this.#bar?.stop();
    this.#bar = undefined;
  };

  /** A line for people in the middle of it all. */
  note(text: string): void {
    this.end();
    process.stderr.write(`${text}\n`);
  }
}
