import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { processIdentity } from './process-identity';

/** Makes this process the one launcher of a data folder; throws when another one lives. */
export function lockFolder(folder: string): () => void {
  const file = path.join(folder, 'launcher.json');
  const holder = readHolder(file);
  if (holder && holder.identity === processIdentity(holder.pid)) {
    throw new Error(`already running on ${folder} as process ${holder.pid}`);
  }
  const self = { pid: process.pid, identity: processIdentity(process.pid) };
  writeFileSync(file, JSON.stringify(self));
  return () => rmSync(file, { force: true });
}

function readHolder(file: string): { pid: number; identity: string } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { pid: number; identity: string };
  } catch {
    return undefined;
  }
}
