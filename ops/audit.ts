import { readAudit } from '../db/audit';
import type { Answer, Call, Command } from './command';
import type { OperatorTools } from './operator-tools';
import { numberOption } from './read-option';
import { table } from './table';

const MAX_LISTED = 1_000;
const USUAL_LISTED = 50;

/** `npm run ops -- audit …` */
export const AUDIT_COMMANDS: Readonly<Record<string, Command<OperatorTools>>> = {
  list: {
    words: [],
    about: 'what people changed by these commands or the control room, the latest first',
    options: { limit: { value: 'N', about: `how many (${USUAL_LISTED})` } },
    run: list,
  },
};

async function list({ db }: OperatorTools, call: Call): Promise<Answer> {
  const limit = numberOption(call, 'limit', { min: 1, max: MAX_LISTED }) ?? USUAL_LISTED;
  const entries = await readAudit(db, limit);
  const rows = entries.map(({ begunAt, by, via, command, words, options, outcome, said }) => [
    ...[begunAt, by, via, [command, ...words].join(' '), outcome ?? 'not known'],
    ...[typeof options['why'] === 'string' ? options['why'] : '-', said?.split('\n')[0] ?? '-'],
  ]);
  const head = ['AT', 'BY', 'VIA', 'COMMAND', 'OUTCOME', 'WHY', 'SAID'];
  const lines = rows.length === 0 ? ['nobody has changed anything'] : table(head, rows);
  return { data: entries, lines };
}
