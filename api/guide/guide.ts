import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { partsOf, type Part } from './contents';
import { renderGuide } from './render-guide';

/** Beside the folders of the code, here as in the build. */
const DOCS = path.join(__dirname, '..', '..', 'docs');

/** The page that lists the others, by what their readers want to do. */
export const CONTENTS = 'README';

/** What is shown of docs/: its pages, the pictures in them, and the schemas. */
const SHOWN: Readonly<Record<string, string>> = {
  ...{ '.md': 'text/html', '.svg': 'image/svg+xml', '.json': 'application/json' },
};

/** One page or picture, as it is answered. */
export interface GuideFile {
  readonly type: string;
  readonly text: string;
}

/** The pages of docs/ by their names without `.md`, read once: they do not change while we run. */
export class Guide {
  readonly #files: ReadonlyMap<string, string>;
  readonly #rendered = new Map<string, GuideFile>();
  #parts: readonly Part[] | undefined;

  constructor(folder = DOCS) {
    this.#files = filesIn(folder);
  }

  /** Undefined when there is no such page. */
  find(name: string): GuideFile | undefined {
    const known = this.#rendered.get(name);
    const file = this.#files.get(name);
    if (known || file === undefined) return known;
    const text = readFileSync(file, 'utf8');
    const type = SHOWN[path.extname(file)]!;
    const isPage = type === 'text/html';
    const rendered = { type, text: isPage ? renderGuide(name, text, this.#contents()) : text };
    this.#rendered.set(name, rendered);
    return rendered;
  }

  /** What each page shows beside itself. */
  #contents(): readonly Part[] {
    const file = this.#files.get(CONTENTS);
    return (this.#parts ??= file === undefined ? [] : partsOf(readFileSync(file, 'utf8')));
  }
}

function filesIn(folder: string): Map<string, string> {
  // A build may leave the documents out.
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const shown = names.filter((name) => Object.hasOwn(SHOWN, path.extname(name)));
  return new Map(
    shown.map((name) => [
      name.split(path.sep).join('/').replace(/\.md$/, ''),
      path.join(folder, name),
    ]),
  );
}
