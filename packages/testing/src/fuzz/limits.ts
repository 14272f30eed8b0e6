/** Seconds that one input may keep a processor busy, unless told. */
export const processorSeconds = 2;

/**
 * A run that has not come to an end after so many times its seconds hangs: far more than once, since a
 * machine with much other work may leave it a hundredth of a processor.
 */
export const patience = 30;

/** Bytes that the process may be resident with. */
export const residentBytes = 512 * 2 ** 20;

/** The longest run of one byte in an input, in bytes: a line that has no end. */
export const longestRun = 64 * 2 ** 20;
