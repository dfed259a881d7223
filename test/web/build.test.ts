import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../../dev/copied-tree';

/** What a visitor on a bad line waits for. */
const MAX_COMPRESSED_BYTES = 150_000;

const folder = mkdtempSync(path.join(tmpdir(), 'tandem-page-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The files of a build, by their names. */
function built(mode: 'production' | 'development'): Map<string, string> {
  const outDir = path.join(folder, mode);
  const vite = path.join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = ['build', 'web', '--mode', mode, '--outDir', outDir, '--logLevel', 'error'];
  execFileSync(process.execPath, [vite, ...args], { cwd: ROOT });
  const files = readdirSync(outDir, { recursive: true, encoding: 'utf8' });
  return new Map(
    files
      .filter((file) => path.extname(file) !== '')
      .map((file) => [file, readFileSync(path.join(outDir, file), 'utf8')]),
  );
}

/** What only the page of development can do, by texts that are shown there. */
const DEVELOPMENT = ['Break something', 'pm_card_chargeDeclined', '/breaks', '/mails'];

test('the page of production can break nothing, place nothing and read no mail', () => {
  const text = [...built('production').values()].join('\n');
  expect(text).toContain('Dead letters');
  expect(DEVELOPMENT.filter((known) => text.includes(known))).toEqual([]);
});

test('the page of development can', () => {
  const text = [...built('development').values()].join('\n');
  expect(DEVELOPMENT.filter((known) => !text.includes(known))).toEqual([]);
});

test('the page is small: less than 150 kB compressed, with all that it loads', () => {
  const sizes = [...built('development').values()].map((text) => gzipSync(text).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MAX_COMPRESSED_BYTES);
});

test('the page loads nothing from elsewhere, and has no script or style in its own text', () => {
  const page = built('production').get('index.html')!;
  const loaded = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url!);
  expect(loaded.every((url) => url.startsWith('/room/'))).toBe(true);
  expect(page).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=/);
});
