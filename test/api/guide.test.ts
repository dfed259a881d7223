import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Guide } from '../../api/guide/guide';
import { GUIDE_PATH } from '../../api/guide/render-guide';
import { ROOT } from '../../dev/copied-tree';
import { scratchFolder } from '../../dev/scratch-folder';

const guide = new Guide();
const PAGES = readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md'))
  .map((file) => file.replace(/\.md$/, ''));

const targetsIn = (html: string) =>
  [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, target]) => target!);

test.each(PAGES)('%s is served, and whatever it links to in the guide is, too', (name) => {
  const html = guide.find(name)!.text;
  expect(html).toContain('<h1 id=');
  const broken = targetsIn(html)
    .filter((target) => target.startsWith(`${GUIDE_PATH}/`))
    .filter((target) => {
      const [page, fragment] = target.slice(GUIDE_PATH.length + 1).split('#');
      const found = guide.find(page!);
      return !found || (fragment !== undefined && !found.text.includes(`id="${fragment}"`));
    });
  expect(broken).toEqual([]);
});

test('every page is in the contents, or in the list of its folder, under its own title', () => {
  const listed = ['README', 'runbooks/README', 'decisions/README'].flatMap((list) => {
    const { text } = guide.find(list)!;
    const links = text.split('<main>')[1]!.matchAll(/<a href="\/docs\/guide\/([^"]+)">([^<]+)</g);
    return [...links].map(([, page, title]) => [page!, title!] as const);
  });
  const titles = new Map(listed);
  expect([...titles.keys(), 'README'].sort()).toEqual([...PAGES].sort());
  const isOther = ([page, title]: readonly [string, string]) =>
    !guide.find(page)!.text.includes(`>${title}</h1>`);
  expect(listed.filter(isOther)).toEqual([]);
});

test('beside each page is the contents, in its order, with the mark of where the reader is', () => {
  const navigationOf = (page: string) => guide.find(page)!.text.split('</nav>')[0]!;
  const titles = [...navigationOf('steps').matchAll(/<p>([^<]+)</g)].map(([, title]) => title);
  expect(titles).toEqual(['Learn it', 'Add to it', 'Use it', 'Run it']);
  expect(navigationOf('steps')).toContain('/steps" aria-current="page"');
  expect(navigationOf('runbooks/RedisDown')).toContain('/runbooks/README" aria-current="true"');
  expect(navigationOf('decisions/0012-tenants')).not.toContain('/runbooks/README" aria');
});

test('code that a page links to is named, and not linked to', () => {
  const { text } = guide.find('walkthrough')!;
  expect(text).toContain('<span class="source" title="workflows/order-saga.ts">');
  const outside = targetsIn(text).filter((target) => !/^(\/docs|#|https?:)/.test(target));
  expect(outside).toEqual([]);
});

test('a plot is served as a picture', () => {
  expect(guide.find('contrast/burst.svg')).toMatchObject({ type: 'image/svg+xml' });
});

test('what is in no document is not found, wherever it is', () => {
  for (const name of ['../package.json', '..%2fpackage.json', 'nothing', '__proto__']) {
    expect(guide.find(name)).toBeUndefined();
  }
});

test('HTML in a document is shown, not run', () => {
  const folder = scratchFolder('tandem-guide-');
  try {
    mkdirSync(folder.path, { recursive: true });
    writeFileSync(path.join(folder.path, 'a.md'), '# <b>A</b>\n\n<script>alert(1)</script>\n');
    const { text } = new Guide(folder.path).find('a')!;
    expect(text).not.toContain('<script>');
    expect(text).not.toContain('<b>');
  } finally {
    folder.remove();
  }
});
