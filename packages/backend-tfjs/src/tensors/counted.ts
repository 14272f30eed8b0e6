import { heldBytes, type Tf } from './tf.js';

/** Watches how many bytes an engine holds at most. */
export class Watch {
  #most = 0;

  constructor(private readonly tf: Tf) {}

  /** What was held at most since it began. */
  get mostBytes(): number {
    return this.#most;
  }

  begin(): void {
    this.#most = heldBytes(this.tf);
  }

  look(): void {
    this.#most = Math.max(this.#most, heldBytes(this.tf));
  }
}

/** TensorFlow.js's functions, each of which has a look at what is held once it has made its tensor. */
export function counted(tf: Tf, watch: Watch): Tf {
  const known = new Map<string | symbol, unknown>();
  return new Proxy({} as Tf, {
    get(_, name) {
      let found = known.get(name);
      if (found === undefined) {
        const own: unknown = Reflect.get(tf, name);
        found =
          typeof own !== 'function'
            ? own
            : (...given: unknown[]) => {
                const made = own(...given);
                watch.look();
                return made;
              };
        known.set(name, found);
      }
      return found;
    },
  });
}
