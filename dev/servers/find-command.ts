import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);

/** The path of the first of these commands that is on PATH. */
export function findCommand(...names: string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(canExecute);
}

/** Whether the file can be run. */
function canExecute(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What a command prints; rejects when it fails or takes longer than `timeoutMs`. */
export async function outputOf(
  command: string,
  args: readonly string[],
  timeoutMs: number,
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const { stdout } = await execFileAsync(command, args, {
    ...options,
    timeout: timeoutMs,
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout;
}

/** Whether we may install what is missing with the system's package manager. */
export function canInstallPackages(): boolean {
  return process.getuid?.() === 0 && findCommand('apt-get') !== undefined;
}

/** Installs Debian packages; minutes at the most. */
export async function installPackages(...packages: string[]): Promise<void> {
  const timeoutMs = 300_000;
  await outputOf('apt-get', ['update', '-q'], timeoutMs);
  // RUNLEVEL=1 keeps the packages' own services from being started.
  await outputOf(
    'env',
    [
      ...['DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1'],
      ...['apt-get', 'install', '-y', '-q', '--no-install-recommends', ...packages],
    ],
    timeoutMs,
  );
}
