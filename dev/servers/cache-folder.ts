import { homedir } from 'node:os';
import path from 'node:path';

/** Where is kept between clones what was downloaded or installed for them. */
export const CACHE_FOLDER = path.join(
  process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'),
  'tandem',
);
