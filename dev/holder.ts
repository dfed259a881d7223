import { readFileSync } from 'node:fs';
import { processIdentity } from './process-identity';

interface Holder {
  readonly pid: number;
  readonly identity: string;
}

/** What a file says when this process holds it. */
export function selfAsHolder(): string {
  return JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) });
}

/** The pid of the process that holds the file, undefined when none that lives does. */
export function livingHolder(file: string): number | undefined {
  try {
    const { pid, identity } = JSON.parse(readFileSync(file, 'utf8')) as Holder;
    return identity === processIdentity(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}
