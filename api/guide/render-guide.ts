import path from 'node:path';
import MarkdownIt from 'markdown-it';
import type { Part } from './contents';

/** Where the guide is; pages link to each other under it. */
export const GUIDE_PATH = '/docs/guide';

const STYLE = `
  :root { color-scheme: light dark; }
  body { font: 1rem/1.6 system-ui, sans-serif; margin: 0; display: grid; grid-template-columns: minmax(0, 15rem) minmax(0, 56rem); }
  nav { padding: 1.5rem 1rem; border-right: 1px solid #8884; }
  nav ul { list-style: none; padding: 0; margin: 0; }
  nav p { margin: 1.2rem 0 .2rem; font-size: .85em; opacity: .75; }
  nav [aria-current] { font-weight: 600; }
  main { padding: 1rem 2rem 4rem; min-width: 0; }
  pre, .table { overflow-x: auto; }
  pre { padding: .8rem; border: 1px solid #8884; border-radius: .3rem; }
  code { font-size: .92em; overflow-wrap: anywhere; }
  pre code { overflow-wrap: normal; }
  table { border-collapse: collapse; }
  th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8886; }
  .source { border-bottom: 1px dotted; }
  img { max-width: 100%; height: auto; }
  @media (max-width: 50rem) { body { display: block; } nav { border: 0; max-height: 9rem; overflow-y: auto; } main { padding: 0 1rem 3rem; } }`;

/** What a page says to the tools that keep it. */
const COMMENT = /<!--[^]*?-->/g;

/** A page of docs/ in HTML, with the contents beside it; of code that it links to only the path is shown. */
export function renderGuide(name: string, markdown: string, contents: readonly Part[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tandem: ${escapeHtml(titleOf(markdown))}</title>
<link rel="icon" href="/docs/favicon.png">
<style>${STYLE}</style>
<nav aria-label="Pages">${navigationOf(contents, name)}</nav>
<main>${markdownFor(name).render(markdown.replaceAll(COMMENT, ''))}</main>
</html>
`;
}

function navigationOf(contents: readonly Part[], current: string): string {
  const first = [
    entryOf(GUIDE_PATH, 'The guide'),
    entryOf('/docs', 'API reference'),
    entryOf('/docs/events', 'Events reference'),
  ];
  const parts = contents.map(({ title, pages }) => {
    const entries = pages.map((page) => {
      const mark = markOf(page.name, current);
      return entryOf(`${GUIDE_PATH}/${page.name}`, page.title, mark);
    });
    return `<p>${escapeHtml(title)}</p>\n<ul>${entries.join('\n')}</ul>`;
  });
  return [`<ul>${first.join('\n')}</ul>`, ...parts].join('\n');
}

function entryOf(target: string, title: string, mark = ''): string {
  return `<li><a href="${target}"${mark}>${escapeHtml(title)}</a></li>`;
}

/** The page that is shown, or that which lists the folder it is in. */
function markOf(page: string, current: string): string {
  if (page === current) return ' aria-current="page"';
  const isList = page === `${path.posix.dirname(current)}/README`;
  return isList ? ' aria-current="true"' : '';
}

/** The first heading. */
function titleOf(markdown: string): string {
  return /^# (.+)$/m.exec(markdown)?.[1]?.replaceAll('`', '') ?? 'Tandem';
}

/** What HTML in a document would be is not run, but shown. */
function markdownFor(page: string): MarkdownIt.MarkdownIt {
  const markdown = new MarkdownIt({ html: false });
  const { rules } = markdown.renderer;
  const usual = markdown.renderer.renderToken.bind(markdown.renderer);

  rules['heading_open'] = (tokens, index, options) => {
    tokens[index]!.attrSet('id', slugOf(tokens[index + 1]!.content));
    return usual(tokens, index, options);
  };
  // Links hold no links, so that one place is enough to know how the last was opened.
  let isSource = false;
  rules['link_open'] = (tokens, index, options) => {
    const token = tokens[index]!;
    const link = String(token.attrGet('href'));
    const target = targetOf(page, link);
    isSource = target === undefined;
    if (isSource) return `<span class="source" title="${escapeHtml(sourceOf(page, link))}">`;
    token.attrSet('href', target!);
    return usual(tokens, index, options);
  };
  rules['link_close'] = () => (isSource ? '</span>' : '</a>');
  rules['image'] = (tokens, index, options, env, renderer) => {
    const token = tokens[index]!;
    token.attrSet('src', targetOf(page, String(token.attrGet('src'))) ?? '');
    token.attrSet('alt', renderer.renderInlineAsText(token.children ?? [], options, env));
    return usual(tokens, index, options);
  };
  rules['table_open'] = () => '<div class="table"><table>';
  rules['table_close'] = () => '</table></div>';
  return markdown;
}

/** As GitHub makes them, so that a link works in both places. */
function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** Where a link leads here: to another page of the guide, or as it is; undefined for code. */
function targetOf(page: string, link: string): string | undefined {
  if (/^([a-z]+:|#|\/)/.test(link)) return link;
  const [, fragment] = link.split('#');
  const file = fileOf(page, link);
  if (file.startsWith('../')) return undefined;
  const target = `${GUIDE_PATH}/${file.replace(/\.md$/, '')}`;
  return fragment === undefined ? target : `${target}#${fragment}`;
}

/** The path of code in the repository, which is not served here. */
function sourceOf(page: string, link: string): string {
  return fileOf(page, link).replace(/^\.\.\//, '');
}

function fileOf(page: string, link: string): string {
  return path.posix.join(path.posix.dirname(page), link.split('#')[0]!);
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
