import { PROBLEM_KINDS, problemType, type ProblemKind } from '../http/problem-kinds';

/** The page of a problem's `type`. */
export function problemPage(kind: ProblemKind): string {
  const { status, title, about } = PROBLEM_KINDS[kind];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
  body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem; }
  :root { color-scheme: light dark; }
</style>
<h1>${title}</h1>
<p>HTTP ${status}, <code>${problemType(kind)}</code></p>
<p>${about.replace(/\`([^\`]+)\`/g, '<code>$1</code>')}</p>
<p><a href="/docs">The API</a></p>
</html>
`;
}
