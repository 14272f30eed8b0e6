// The part that is used of a package without types of its own.
declare module 'fs-native-extensions' {
  /**
   * Locks an open file, which must be writable, against every other open file, of this process too. The system gives
   * the lock back when the file is closed, however the process ends.
   *
   * @returns false where another has it
   */
  export function tryLock(fileDescriptor: number): boolean;
}
