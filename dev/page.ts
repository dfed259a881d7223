import path from 'node:path';
import { outputOf } from './servers/find-command';

const ROOT = path.join(__dirname, '..');
const BUILD_TIMEOUT_MS = 60_000;

/** Builds the control room with what only development has in it: breaking things, and the mails. */
export async function buildPage(): Promise<void> {
  const vite = path.join('node_modules', 'vite', 'bin', 'vite.js');
  const args = [vite, 'build', 'web', '--mode', 'development', '--logLevel', 'warn'];
  await outputOf(process.execPath, args, BUILD_TIMEOUT_MS, { cwd: ROOT });
}
