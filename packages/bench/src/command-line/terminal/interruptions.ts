import { constants } from 'node:os';

/** Wrappers such as package managers pass a terminal's Ctrl-C on, so that one may arrive twice. */
const ECHO_MILLISECONDS = 300;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The parts of `process` that are needed here. */
export interface Host {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  exit(code: number): void;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/**
 * What tells a command to end early: Ctrl-C (exit code 130), SIGTERM (143), SIGHUP (129), or that
 * nobody reads its output any more (141, as after SIGPIPE). It ends at once, unless it has claimed
 * the first of them to finish what it is at; the next one then ends it all the same.
 */
export class Interruptions {
  #claimed: AbortController | undefined;
  #exitCode: number | undefined;
  #at = 0;
  #pipeClosed = false;

  constructor(private readonly host: Host = process) {
    for (const name of SIGNALS) host.on(name, () => this.#stop(128 + constants.signals[name]));
    for (const stream of [host.stdout, host.stderr])
      stream.on('error', (error: NodeJS.ErrnoException) => this.#onStreamError(error));
  }

  /** The exit code that goes with the interruption; undefined where there was none. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** Claims the first interruption: the signal is aborted in place of ending the process. */
  claim(): AbortSignal {
    this.#claimed ??= new AbortController();
    return this.#claimed.signal;
  }

  /** Ends the claim: what comes from here on ends the process at once. */
  release(): void {
    this.#claimed = undefined;
  }

  #stop(exitCode: number): void {
    const now = performance.now();
    if (this.#exitCode === undefined && this.#claimed) {
      this.#exitCode = exitCode;
      this.#at = now;
      this.#claimed.abort();
    } else if (this.#exitCode === undefined || now - this.#at > ECHO_MILLISECONDS) {
      // Of output that nobody reads any more there is nobody to tell.
      if (!this.#pipeClosed) this.host.stderr.write('error: interrupted\n');
      this.host.exit(exitCode);
    }
  }

  #onStreamError(error: NodeJS.ErrnoException): void {
    if (error.code === 'EPIPE') {
      // Every later write fails as well.
      const isFirst = !this.#pipeClosed;
      this.#pipeClosed = true;
      if (isFirst) this.#stop(128 + constants.signals.SIGPIPE);
      return;
    }
    this.host.stderr.write(`error: the output could not be written: ${error.message}\n`);
    this.host.exit(1);
  }
}
