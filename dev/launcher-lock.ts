import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { livingHolder, selfAsHolder } from './holder';

/** Makes this process the one launcher of a data folder; throws when another one lives. */
export function lockFolder(folder: string): () => void {
  const file = path.join(folder, 'launcher.json');
  const holder = livingHolder(file);
  if (holder !== undefined) throw new Error(`already running on ${folder} as process ${holder}`);
  writeFileSync(file, selfAsHolder());
  return () => rmSync(file, { force: true });
}
