import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * What tells a process from a later one with the same pid: when it was started. Undefined when
 * there is no such process, or it has ended and only waits for its parent to notice.
 */
export function processIdentity(pid: number): string | undefined {
  try {
    return existsSync('/proc/self/stat') ? identityFromProc(pid) : identityFromPs(pid);
  } catch {
    return undefined;
  }
}

/** Fields 3 (state) and 22 (start time in ticks since boot) of /proc/<pid>/stat: see proc(5). */
function identityFromProc(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in field 2 may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z') return undefined;
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${bootId}/${fields[19]}`;
}

function identityFromPs(pid: number): string | undefined {
  const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return started.trim() || undefined;
}
