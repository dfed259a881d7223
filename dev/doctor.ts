import { styleText } from 'node:util';
import { canInstallPackages, findCommand, outputOf } from './servers/find-command';
import { postgresVersion } from './servers/postgres';
import { findRedis, hasDocker, REDIS_FIX } from './servers/redis';
import { findTemporal, TEMPORAL_FIX } from './servers/temporal';

const PROBE_TIMEOUT_MS = 10_000;

/** What was found out about one need. */
interface Finding {
  readonly need: string;
  /** What is there, or what `npm start` will do about it. */
  readonly found: string | undefined;
  /** The line that fixes it. */
  readonly fix?: string;
}

/** Prints each thing that is needed; exits with 1 when something is missing. */
async function examine(): Promise<void> {
  const servers = await Promise.all([npm(), postgres(), redis(), temporal()]);
  const findings: Finding[] = [{ need: 'Node.js', found: process.version }, ...servers];
  for (const { need, found, fix } of findings) {
    const mark = found === undefined ? styleText('red', '✘') : styleText('green', '✔');
    console.log(`${mark} ${need.padEnd(12)} ${found ?? `missing. This fixes it: ${fix}`}`);
  }
  const missing = findings.filter(({ found }) => found === undefined);
  if (missing.length > 0) process.exitCode = 1;
  console.log(missing.length > 0 ? `\n${missing.length} missing` : '\nAll there: npm start');
}

async function npm(): Promise<Finding> {
  return {
    need: 'npm',
    found: await versionOf('npm', ['--version']),
    fix: 'install npm 10 or newer',
  };
}

async function postgres(): Promise<Finding> {
  const given = process.env['DATABASE_URL'];
  return {
    need: 'PostgreSQL',
    found: given ? 'DATABASE_URL is set' : await postgresVersion().catch(() => undefined),
    fix: 'npm ci',
  };
}

async function redis(): Promise<Finding> {
  const fix = REDIS_FIX;
  if (process.env['REDIS_URL']) return { need: 'Redis', found: 'REDIS_URL is set' };
  const binary = findRedis();
  if (binary) return { need: 'Redis', found: await versionOf(binary, ['--version']), fix };
  if (await hasDocker()) return { need: 'Redis', found: 'in a Docker container' };
  return { need: 'Redis', found: installable(), fix };
}

async function temporal(): Promise<Finding> {
  const fix = TEMPORAL_FIX;
  if (process.env['TEMPORAL_ADDRESS'])
    return { need: 'Temporal', found: 'TEMPORAL_ADDRESS is set' };
  const binary = findTemporal();
  if (binary) return { need: 'Temporal', found: await versionOf(binary, ['--version']), fix };
  const hasPython = findCommand('python3', 'python') !== undefined;
  const found = hasPython ? 'not yet; npm start gets it' : installable();
  return { need: 'Temporal', found, fix };
}

function installable(): string | undefined {
  return canInstallPackages() ? 'not yet; npm start installs it by apt-get' : undefined;
}

async function versionOf(command: string, args: string[]): Promise<string | undefined> {
  return outputOf(command, args, PROBE_TIMEOUT_MS).then(
    (text) => text.trim(),
    () => undefined,
  );
}

void examine();
