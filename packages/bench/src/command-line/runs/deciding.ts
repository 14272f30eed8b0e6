/**
 * What an option decides: a run's numbers; what computes, of which the backend tells what it came to;
 * or only where, how often and in what form something is read, kept and told.
 */
export type Decides = 'numbers' | 'backend' | 'place';

/**
 * The options that a run's numbers depend on, by name, with what the backend's results depend on, such
 * as the number of its threads where nobody gave one: the settings of a finished run.
 *
 * @throws Error for an option of which nobody has said what it decides
 */
export function decidingNumbers<Options extends object>(
  options: Options,
  decides: Readonly<Record<keyof Options & string, Decides>>,
  backend: Readonly<Record<string, number | string>> = {},
): Partial<Options> {
  const settings: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    const decided = (decides as Readonly<Record<string, Decides | undefined>>)[name];
    if (decided === undefined) throw new Error(`nobody has said what the option '${name}' decides`);
    if (decided === 'numbers') settings[name] = value;
  }
  return { ...settings, ...backend } as Partial<Options>;
}
