import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * All that a bundle is made of: workflows import nothing else of ours, which is checked; the packages
 * that are installed; and how it is made.
 */
const INPUTS = [
  ...['workflows', 'domain', 'node_modules/.package-lock.json'],
  ...['platform/telemetry.ts', 'workers/workflow-bundle.ts'],
];

/** Enough for both kinds on a few branches; each has one or two megabytes. */
export const MAX_KEPT = 10;

/** What is bundled, and where bundles are kept. */
export interface BundleInputs {
  /** The tree with the workflows. */
  readonly root: string;
  /** Bundles of the same tree may differ by this. */
  readonly kind: string;
  /** May be removed at any time. */
  readonly folder: string;
}

/**
 * The bundle of a tree, made by `make` unless it was made of the very same files before: bundling
 * takes seconds of each start. Where it cannot be kept it is made each time.
 */
export async function keptBundle(
  inputs: BundleInputs,
  make: () => Promise<string>,
): Promise<string> {
  const before = await fingerprint(inputs);
  const file = path.join(inputs.folder, `workflows-${before}.js`);
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return kept;
  const code = await make();
  // Somebody may have saved a file meanwhile.
  if ((await fingerprint(inputs)) === before) await keep(file, code).catch(() => undefined);
  return code;
}

async function fingerprint({ root, kind }: BundleInputs): Promise<string> {
  // The bundle's source map names the files as they were bundled.
  const hash = createHash('sha256').update(JSON.stringify([root, kind]));
  for (const input of INPUTS) {
    for (const file of await filesIn(path.join(root, input))) {
      hash.update(JSON.stringify([file, await readFile(file, 'utf8')]));
    }
  }
  return hash.digest('hex').slice(0, 32);
}

async function filesIn(place: string): Promise<string[]> {
  const found = await stat(place).catch(() => undefined);
  if (!found?.isDirectory()) return found ? [place] : [];
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => path.join(entry.parentPath, entry.name)).sort();
}

/** Whole or not at all: others may start at the same moment, and this process may be killed. */
async function keep(file: string, code: string): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  const draft = path.join(folder, `draft-${randomUUID()}`);
  await writeFile(draft, code);
  await rename(draft, file);
  await forgetOldest(folder);
}

async function forgetOldest(folder: string): Promise<void> {
  const files = (await readdir(folder)).map((name) => path.join(folder, name));
  const dated = await Promise.all(
    files.map(async (file) => ({ file, madeAt: (await stat(file)).mtimeMs })),
  );
  const oldest = dated.sort((a, b) => b.madeAt - a.madeAt).slice(MAX_KEPT);
  await Promise.all(oldest.map(({ file }) => rm(file, { force: true })));
}
