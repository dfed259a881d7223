import path from 'node:path';
import MarkdownIt from 'markdown-it';

/** Where the guide is; pages link to each other under it. */
export const GUIDE_PATH = '/docs/guide';

const STYLE = `
  :root { color-scheme: light dark; }
  body { font: 1rem/1.6 system-ui, sans-serif; margin: 0; display: grid; grid-template-columns: minmax(0, 15rem) minmax(0, 56rem); }
  nav { padding: 1.5rem 1rem; border-right: 1px solid #8884; }
  nav ul { list-style: none; padding: 0; }
  nav [aria-current] { font-weight: 600; }
  main { padding: 1rem 2rem 4rem; min-width: 0; }
  pre, .table { overflow-x: auto; }
  pre { padding: .8rem; border: 1px solid #8884; border-radius: .3rem; }
  code { font-size: .92em; overflow-wrap: anywhere; }
  pre code { overflow-wrap: normal; }
  table { border-collapse: collapse; }
  th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8886; }
  img { max-width: 100%; height: auto; }
  @media (max-width: 50rem) { body { display: block; } nav { border: 0; } main { padding: 0 1rem 3rem; } }`;

/** A page of docs/ in HTML, with the list of all; links to code become its path, which is not served. */
export function renderGuide(
  name: string,
  markdown: string,
  contents: ReadonlyMap<string, string>,
): string {
  const entries = [...contents].map(([page, title]) => {
    const current = page === name ? ' aria-current="page"' : '';
    return `<li><a href="${GUIDE_PATH}/${page}"${current}>${escapeHtml(title)}</a></li>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tandem: ${escapeHtml(titleOf(markdown))}</title>
<link rel="icon" href="/docs/favicon.png">
<style>${STYLE}</style>
<nav aria-label="Pages"><ul><li><a href="/docs">The API</a></li><li><a href="/docs/events">The events</a></li>
${entries.join('\n')}</ul></nav>
<main>${markdownFor(name).render(markdown)}</main>
</html>
`;
}

/** The first heading. */
export function titleOf(markdown: string): string {
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
  rules['link_open'] = (tokens, index, options) => {
    const token = tokens[index]!;
    token.attrSet('href', targetOf(page, String(token.attrGet('href'))));
    return usual(tokens, index, options);
  };
  rules['image'] = (tokens, index, options, env, renderer) => {
    const token = tokens[index]!;
    token.attrSet('src', targetOf(page, String(token.attrGet('src'))));
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

/** A link between documents leads to the other page; one to code leads to its place in this page. */
function targetOf(page: string, link: string): string {
  if (/^([a-z]+:|#|\/)/.test(link)) return link;
  const [file = '', fragment] = link.split('#');
  const inDocs = path.posix.join(path.posix.dirname(page), file);
  if (inDocs.startsWith('..')) return `#${slugOf(path.posix.normalize(inDocs.replace('../', '')))}`;
  const target = `${GUIDE_PATH}/${inDocs.replace(/\.md$/, '')}`;
  return fragment === undefined ? target : `${target}#${fragment}`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
