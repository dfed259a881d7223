import { spawn } from 'node:child_process';
import { findCommand } from './servers/find-command';

/**
 * Opens a page in the browser of whoever sits at this terminal; does nothing where nobody does, or
 * where there is no screen.
 */
export function openPage(url: string): void {
  const opener = findOpener();
  if (!process.stdout.isTTY || process.env['CI'] || !opener) return;
  const [command, ...args] = opener;
  const child = spawn(command!, [...args, url], { stdio: 'ignore', detached: true });
  // The link is printed as well.
  child.on('error', () => undefined);
  child.unref();
}

function findOpener(): string[] | undefined {
  if (process.platform === 'darwin') return ['open'];
  if (process.platform === 'win32') return ['cmd', '/c', 'start', ''];
  if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return undefined;
  const command = findCommand('xdg-open');
  return command === undefined ? undefined : [command];
}
