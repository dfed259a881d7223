import type { Kysely } from 'kysely';
import { editedFields } from '../consumers/admin/edit';
import { flawsOf, type Flaw } from '../consumers/admin/flaws';
import {
  discardDeadLetter,
  editDeadLetter,
  findDeadLetter,
  listDeadLetters,
  listFingerprints,
  type DeadLetterDetails,
} from '../db/consumers/dead-letter-list';
import { ENTRY_FIELDS } from '../events/envelope';
import type { DeadLetterState, RuntimeSchema } from '../db/consumers/tables';
import { Refusal } from '../consumers/admin/refusal';
import { BadCall, type Answer, type Call, type Command } from './command';
import type { GroupTools } from './group-tools';
import { idWord, numberOption, textOption, whyOption } from './read-option';
import { REDRIVE_COMMANDS } from './redrives';
import { table } from './table';

const STATES: readonly DeadLetterState[] = ['dead', 'redriving', 'redriven', 'discarded'];
const MAX_LISTED = 1_000;
const USUAL_LISTED = 50;
const MAX_ERROR_SHOWN = 80;

/** `npm run ops -- dead-letters …` */
export const DEAD_LETTER_COMMANDS: Readonly<Record<string, Command<GroupTools>>> = {
  list: {
    words: ['GROUP'],
    about: 'the dead letters of a group, the latest first',
    options: {
      state: { value: 'STATE', about: `${STATES.join(', ')} (dead)` },
      fingerprint: { value: 'TEXT', about: 'only those that died of the same error' },
      limit: { value: 'N', about: `how many (${USUAL_LISTED})` },
    },
    run: list,
  },
  fingerprints: {
    words: [],
    about: 'what the dead letters of all groups died of, and how many of each',
    run: fingerprints,
  },
  show: { words: ['GROUP', 'ID'], about: 'a dead letter with all that is known of it', run: show },
  edit: {
    words: ['GROUP', 'ID'],
    about: 'replaces what is redriven by a mended event; what came is kept',
    options: {
      event: {
        value: 'FILE',
        isFile: true,
        about: 'the whole event as JSON; id, type and partitionkey stay',
      },
    },
    question: (_, { words: [group, id] }) => `Replace the event of dead letter ${id} of ${group}?`,
    run: edit,
  },
  discard: {
    words: ['GROUP', 'ID'],
    about: 'nothing will be done about it; it is kept, with who and why',
    options: { why: { value: 'TEXT', about: 'why, for the record; needed' } },
    question: (_, { words: [group, id] }) => `Discard dead letter ${id} of ${group}?`,
    run: discard,
  },
  ...REDRIVE_COMMANDS,
};

async function list({ groups }: GroupTools, call: Call): Promise<Answer> {
  const state = textOption(call, 'state') ?? 'dead';
  if (!isState(state)) throw new BadCall(`--state takes ${STATES.join(', ')}, not "${state}"`);
  const found = await listDeadLetters(await groups.tables(call.words[0]!), {
    state,
    fingerprint: textOption(call, 'fingerprint'),
    limit: numberOption(call, 'limit', { min: 1, max: MAX_LISTED }) ?? USUAL_LISTED,
  });
  const rows = found.map((one) => [
    ...[one.deadLetterId, one.diedAt, one.reason, one.attempts, one.redrives, one.fingerprint],
    ...[one.eventId, one.errorClass],
  ]);
  const head = ['ID', 'DIED', 'REASON', 'ATTEMPTS', 'REDRIVES', 'FINGERPRINT', 'EVENT', 'ERROR'];
  const lines = found.length === 0 ? [`no dead letter is ${state}`] : table(head, rows);
  return { data: found, lines };
}

function isState(text: string): text is DeadLetterState {
  return (STATES as readonly string[]).includes(text);
}

async function fingerprints({ groups }: GroupTools): Promise<Answer> {
  const names = await groups.names();
  const found = await Promise.all(
    names.map(async (group) => {
      const ofGroup = await listFingerprints(await groups.tables(group), MAX_LISTED);
      return ofGroup.map((one) => ({ group, ...one }));
    }),
  );
  const all = found.flat().sort((a, b) => b.count - a.count);
  const rows = all.map(({ group, fingerprint, count, lastDiedAt, errorClass, error }) => [
    ...[group, count, fingerprint, lastDiedAt],
    `${errorClass}: ${error.split('\n')[0]!.slice(0, MAX_ERROR_SHOWN)}`,
  ]);
  const lines = table(['GROUP', 'DEAD', 'FINGERPRINT', 'LAST DIED', 'ERROR'], rows);
  return { data: all, lines: all.length === 0 ? ['no dead letter waits for a person'] : lines };
}

async function show({ groups }: GroupTools, { words }: Call): Promise<Answer> {
  const letter = await find(await groups.tables(words[0]!), words[1]!);
  const flaws = flawsOf(letter);
  return { data: { ...letter, flaws }, lines: [...describe(letter), ...describeFlaws(flaws)] };
}

/** The event as a person edits it, then the fields as they came. */
function eventLines(fields: Readonly<Record<string, string>>): string[] {
  const { [ENTRY_FIELDS.event]: text = '', ...others } = fields;
  try {
    const event = JSON.stringify(JSON.parse(text), null, 2);
    return [JSON.stringify(others), '', event];
  } catch {
    return [JSON.stringify(fields, null, 2)];
  }
}

function describeFlaws(flaws: readonly Flaw[]): string[] {
  if (flaws.length === 0) return [];
  return ['', 'Against its schema:', ...flaws.map(({ path, message }) => `  ${path}: ${message}`)];
}

async function find(db: Kysely<RuntimeSchema>, id: string): Promise<DeadLetterDetails> {
  const letter = await findDeadLetter(db, idWord(id, 'ID'));
  if (!letter) throw new Refusal(`there is no dead letter ${id}`);
  return letter;
}

function describe(letter: DeadLetterDetails): string[] {
  const { deadLetterId, state, eventId, eventType, key, stream, entryId, reason } = letter;
  return [
    `dead letter ${deadLetterId}: ${state}, ${reason} after ${letter.attempts} attempts`,
    `event ${eventId ?? '?'} (${eventType ?? '?'}), key ${key || '?'}`,
    `came as ${stream} ${entryId}, died ${letter.diedAt.toISOString()}`,
    ...(letter.settledWhy ? [`${state} by ${letter.settledBy ?? '-'}: ${letter.settledWhy}`] : []),
    ...(letter.editedBy ? [`edited by ${letter.editedBy}`] : []),
    '',
    `fingerprint ${letter.fingerprint}`,
    letter.error,
    '',
    ...table(
      ['AT', 'MEMBER', 'ERROR', 'MESSAGE'],
      letter.history.map(({ at, member, errorClass, message }) => [
        ...[at, member, errorClass, message.slice(0, MAX_ERROR_SHOWN)],
      ]),
    ),
    '',
    ...eventLines(letter.fields),
    ...(letter.originalFields
      ? ['', 'As it came:', JSON.stringify(letter.originalFields, null, 2)]
      : []),
  ];
}

async function edit({ groups }: GroupTools, call: Call): Promise<Answer> {
  const [group = '', id = ''] = call.words;
  const event = textOption(call, 'event');
  if (event === undefined) throw new BadCall('--event FILE is needed');
  const db = await groups.tables(group);
  const letter = await find(db, id);
  const fields = editedFields(letter, event.trim());
  const isDone = await editDeadLetter(db, letter.deadLetterId, { fields, by: call.by });
  if (!isDone) throw new Refusal(`dead letter ${id} is ${letter.state}: only a dead one is edited`);
  return { data: { deadLetterId: letter.deadLetterId, fields }, lines: [`${id} is edited`] };
}

async function discard({ groups }: GroupTools, call: Call): Promise<Answer> {
  const [group = '', id = ''] = call.words;
  const why = whyOption(call);
  const db = await groups.tables(group);
  const letter = await find(db, id);
  const isDone = await discardDeadLetter(db, letter.deadLetterId, { by: call.by, why });
  if (!isDone) throw new Refusal(`dead letter ${id} is ${letter.state} already`);
  return { data: { deadLetterId: letter.deadLetterId }, lines: [`${id} is discarded`] };
}
