/** PostgreSQL's SQLSTATE for a lock that was not had within lock_timeout. */
const LOCK_NOT_AVAILABLE = '55P03';

/** Whether a statement was given up because somebody else held what it needed. */
export function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE;
}
