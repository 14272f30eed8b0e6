export { makeDirectory } from './make-directory.js';
export { explainSystemError } from './system-error.js';
export {
  type Append,
  type WriteThenRenameOptions,
  type WritingFileSystem,
  writeThenRename,
} from './write-then-rename.js';
