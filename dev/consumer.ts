import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadSettingsFile } from '../ops/tools';
import { TYPESCRIPT } from './typescript';

const ROOT = path.join(__dirname, '..');

const USAGE = `npm run consumer -- GROUP… [--data FOLDER]

Makes the tables of consumers and runs them in a process of their own beside the system that
npm start runs (its data is in .tandem, or FOLDER), until Ctrl-C. Nothing else is restarted.`;

async function main(): Promise<void> {
  const { values, positionals: groups } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string', default: '.tandem' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  if (groups.length === 0) throw new Error(`which consumer?\n\n${USAGE}`);
  loadSettingsFile(values.data);
  if ((await run('workers/migrate.ts')) !== 0) throw new Error('its tables could not be made');
  const settings = { CONSUMER_GROUPS: groups.join(), HEALTH_PORT: '0' };
  process.exitCode = await run('workers/consumer-worker.ts', settings);
}

/** Runs one of our processes; a signal to this one is a signal to it. */
async function run(file: string, more: Readonly<Record<string, string>> = {}): Promise<number> {
  const child = spawn(process.execPath, [...TYPESCRIPT, file], {
    ...{ cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...more } },
  });
  const pass = (signal: NodeJS.Signals) => void child.kill(signal);
  process.on('SIGINT', pass).on('SIGTERM', pass);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  process.off('SIGINT', pass).off('SIGTERM', pass);
  return code ?? 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
