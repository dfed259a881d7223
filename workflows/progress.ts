import { setCurrentDetails } from '@temporalio/workflow';

/** What the Temporal Web UI shows of a running saga: the steps taken, and the one under way. */
export class Progress {
  readonly #lines: string[] = [];

  constructor(private readonly title: string) {}

  /** The step that begins now; the one before it is done. */
  begin(step: string): void {
    this.#lines.push(step);
    this.#show('▶');
  }

  /** The last word. */
  end(outcome: string): void {
    this.#lines.push(`**${outcome}**`);
    this.#show('■');
  }

  #show(marker: string): void {
    const last = this.#lines.length - 1;
    const list = this.#lines.map((line, index) => `- ${index === last ? marker : '✔'} ${line}`);
    setCurrentDetails([`### ${this.title}`, ...list].join('\n'));
  }
}
