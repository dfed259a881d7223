// Runs a TypeScript program of the project from a fresh clone: `node dev/bootstrap.mjs dev/start.ts …`.
// Plain JavaScript, because nothing is installed yet when it begins.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const MIN_NODE = [20, 19];

const [flag, ...rest] = process.argv.slice(2);
const mayInstall = flag !== '--no-install';

checkNode();
if (!isInstalled()) {
  if (!mayInstall) {
    console.log('✘ dependencies missing. This fixes it: npm ci');
    process.exit(1);
  }
  install();
}
run(mayInstall ? [flag, ...rest] : rest);

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1])) return;
  console.error(`Node ${MIN_NODE.join('.')} or newer is needed; this is ${process.versions.node}.`);
  process.exit(1);
}

/** npm leaves a copy of the lock file it installed from; ours may have moved on since. */
function isInstalled() {
  const installed = path.join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')).packages;
  const found = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([name, { version, optional }]) => name === '' || optional || found[name]?.version === version,
  );
}

function install() {
  console.log('Installing dependencies (npm ci) …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** The program gets the terminal, the signals and the last word. */
function run([program, ...args]) {
  const child = spawn(
    process.execPath,
    ['--require', './dev/typescript-hook.cjs', program, ...args],
    {
      cwd: ROOT,
      stdio: 'inherit',
    },
  );
  // Ctrl-C reaches the whole foreground group by itself; a signal sent to us alone does not.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
