/** Who is told of what goes on all the same: Node's warnings unless given, which a browser has not. */
export const warner = (
  onWarning: ((message: string) => void) | undefined,
): ((message: string) => void) =>
  onWarning ?? ((message) => globalThis.process?.emitWarning(message));
