const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EFBIG: 'the file system does not allow files of this size',
  EEXIST: 'something that is not a directory is in its place',
  ENOTDIR: 'part of its path is not a directory',
  ENOENT: 'there is no such file or directory',
};

/** What a failed call of the file system means, in words. */
export function reasonOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  const message = error instanceof Error ? error.message : String(error);
  return typeof code === 'string' && Object.hasOwn(REASONS, code)
    ? `${REASONS[code]} (${code})`
    : message;
}
