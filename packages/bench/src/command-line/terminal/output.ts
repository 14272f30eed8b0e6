/** Where a command's words go: to people, or as JSON to a program. */
export class Output {
  /** @param json whether the result is wanted as JSON, which then has standard output to itself */
  constructor(private readonly json: boolean) {}

  /** Something on the way, for people. */
  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** The result: as text for people, and as one line of JSON where that was asked for. */
  result(text: string, value: object): void {
    if (!this.json) {
      process.stdout.write(`${text}\n`);
      return;
    }
    process.stderr.write(`${text}\n`);
    process.stdout.write(`${JSON.stringify(value)}\n`);
  }
}
