import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { TYPESCRIPT } from '../../dev/typescript';

const ROOT = path.join(__dirname, '..', '..');
const run = promisify(execFile);

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `npm run ops -- …` with these settings. */
export async function runOps(
  settings: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<Ended> {
  const env = { ...process.env, ...settings };
  const command = [...TYPESCRIPT, 'ops/main.ts', ...args];
  try {
    return { code: 0, ...(await run(process.execPath, command, { cwd: ROOT, env })) };
  } catch (error) {
    return error as Ended;
  }
}
