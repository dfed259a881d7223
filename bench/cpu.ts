import { readdirSync, readFileSync } from 'node:fs';
import type { System } from '../dev/system';

/** The pids of all processes of a system, by name. */
export function pidsOf({ processes }: Pick<System, 'processes'>): Record<string, number> {
  return Object.fromEntries(processes.names().map((name) => [name, processes.pidOf(name)!]));
}

/** Linux: USER_HZ is 100 on every architecture that Node runs on. */
const MS_PER_TICK = 10;

/**
 * CPU time of processes and of all their children that live or were waited for, in milliseconds,
 * under the names given. Read before and after; the difference is what was used between.
 */
export function cpuMs(pids: Readonly<Record<string, number>>): Record<string, number> {
  const stats = readStats();
  const ofTree = (pid: number): number => {
    const own = stats.get(pid)?.ticks ?? 0;
    const children = [...stats.values()].filter(({ parent }) => parent === pid);
    return children.reduce((sum, child) => sum + ofTree(child.pid), own);
  };
  const entries = Object.entries(pids).map(([name, pid]) => [name, ofTree(pid) * MS_PER_TICK]);
  return Object.fromEntries(entries) as Record<string, number>;
}

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

/** proc(5): after the name in parentheses come state, ppid, …; 14 to 17 are the four times. */
function readStats(): Map<number, Stat> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(
    pids.flatMap((name): [number, Stat][] => {
      try {
        const text = readFileSync(`/proc/${name}/stat`, 'utf8');
        const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
        const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
        const pid = Number(name);
        return [[pid, { pid, parent: Number(fields[1]), ticks }]];
      } catch {
        // It ended while we looked.
        return [];
      }
    }),
  );
}
