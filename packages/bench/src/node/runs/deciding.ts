/**
 * What an option decides: a run's numbers, by its value; a run's numbers, by what is made of it with
 * others or with what is usual, which is told apart; what a run starts from, which is told by its
 * content; or only where, how often and in what form something is read, kept and told.
 */
export type Decides = 'numbers' | 'made' | 'content' | 'place';

/**
 * The options that a run's numbers depend on, by name, with what was made of others: the settings of a
 * finished run.
 *
 * @param made of options, by name: the backend that they name and what its results depend on, such as
 * the number of its threads where nobody gave one, or an estimator with all its settings
 * @throws Error for an option of which nobody has said what it decides
 */
export function decidingNumbers<Options extends object>(
  options: Options,
  decides: Readonly<Record<keyof Options & string, Decides>>,
  made: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const settings: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    const decided = (decides as Readonly<Record<string, Decides | undefined>>)[name];
    if (decided === undefined) throw new Error(`nobody has said what the option '${name}' decides`);
    if (decided === 'numbers') settings[name] = value;
  }
  return { ...settings, ...made };
}
