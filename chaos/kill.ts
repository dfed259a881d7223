import type { System } from '../dev/system';

/** Kills a process as a crash would; false while it is being started again. */
export function kill({ processes }: System, name: string): boolean {
  const pid = processes.pidOf(name);
  if (pid === undefined) return false;
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}
