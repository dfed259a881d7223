import { setCurrentDetails } from '@temporalio/workflow';

type Mark = '▶' | '✔' | '✘' | '■' | '⚠';

/** What the Temporal Web UI shows of a saga: the steps taken, and the one under way. */
export class Progress {
  readonly #lines: { mark: Mark; text: string }[] = [];

  constructor(private readonly title: string) {}

  /** The step that begins now; the one before it is done. */
  begin(step: string): void {
    this.#settleLast('✔');
    this.#add('▶', step);
  }

  /** The step under way failed. */
  fail(code: string): void {
    this.#settleLast('✘', `: ${code}`);
  }

  /** How it ended, and what waits for a person all the same. */
  end(outcome: string, waiting: readonly string[]): void {
    this.#settleLast('✔');
    this.#add('■', `**${outcome}**`);
    for (const name of waiting) this.#add('⚠', `needs a person: ${name}`);
  }

  /** Everything that waited for a person is decided. */
  settle(givenUp: readonly string[]): void {
    for (const line of this.#lines) if (line.mark === '⚠') line.mark = '✔';
    for (const name of givenUp) this.#add('✘', `given up: ${name}`);
  }

  #settleLast(mark: Mark, remark = ''): void {
    const last = this.#lines.at(-1);
    if (last?.mark !== '▶') return;
    last.mark = mark;
    last.text += remark;
  }

  #add(mark: Mark, text: string): void {
    this.#lines.push({ mark, text });
    const list = this.#lines.map((line) => `- ${line.mark} ${line.text}`);
    setCurrentDetails([`### ${this.title}`, ...list].join('\n'));
  }
}
