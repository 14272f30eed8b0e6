const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'something that is not a directory is in its place',
  EFBIG: 'the file system does not allow files of this size',
  EISDIR: 'it is a directory',
  EMFILE: 'too many files are open',
  ENOENT: 'there is no such file or directory',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'part of its path is not a directory',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
};

/** What a failed call of the file system means, in words: `the disk is full (ENOSPC)`. */
export function explainSystemError(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  if (typeof code === 'string' && Object.hasOwn(REASONS, code)) return `${REASONS[code]} (${code})`;
  return error instanceof Error ? error.message : String(error);
}
