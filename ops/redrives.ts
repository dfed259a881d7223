import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import {
  cancelRedrive,
  countRedrivable,
  redriveProgress,
  redriveResults,
  startRedrive,
  type DeadLetterFilter,
} from '../db/consumers/redrives';
import type { RuntimeSchema } from '../db/consumers/tables';
import { Refusal } from '../consumers/admin/refusal';
import { BadCall, type Answer, type Call, type Command } from './command';
import type { GroupTools } from './group-tools';
import { idWord, numberOption, textOption } from './read-option';
import { table } from './table';

/** More are redriven in several redrives: one is to be overlooked by a person. */
const MAX_REDRIVEN = 10_000;
const MAX_RATE = 1_000;
/** Slow enough to be stopped in time, fast enough for some hundred. */
const USUAL_RATE = 20;
const LOOK_MS = 200;
const MAX_WAIT_MS = 600_000;

const BRIEF = { about: 'only how many, without the result of each' };

/** The part of `npm run ops -- dead-letters …` that redrives. */
export const REDRIVE_COMMANDS: Readonly<Record<string, Command<GroupTools>>> = {
  redrive: {
    words: ['GROUP', '[ID]'],
    about: 'hands dead letters back to this group, and to no other: the first alone, as a canary',
    options: {
      all: { about: 'all that are dead' },
      fingerprint: { value: 'TEXT', about: 'those that died of the same error' },
      type: { value: 'TYPE', about: 'those of this event type' },
      key: { value: 'KEY', about: 'those of this key, such as an order' },
      limit: { value: 'N', about: `at most so many (${MAX_REDRIVEN})` },
      rate: { value: 'N', about: `so many a second (${USUAL_RATE})` },
      'no-canary': { about: 'all at once, not the first alone' },
      'dry-run': { about: 'only count them' },
      brief: BRIEF,
      wait: { isForTerminal: true, about: 'wait for the end, and show the result of each' },
    },
    question: askRedrive,
    run: redrive,
  },
  progress: {
    words: ['GROUP', 'REDRIVE'],
    about: 'how far a redrive is, with the result of each dead letter',
    options: { brief: BRIEF },
    run: async ({ groups }, { words: [group = '', id = ''], values }) =>
      report(await groups.tables(group), idWord(id, 'REDRIVE'), values['brief'] === true),
  },
  cancel: {
    words: ['GROUP', 'REDRIVE'],
    about: 'ends a redrive where it stands; what has not begun is dead as before',
    question: (_, { words: [group, id] }) => `Cancel redrive ${id} of ${group}?`,
    run: cancel,
  },
};

async function askRedrive({ groups }: GroupTools, call: Call): Promise<string | undefined> {
  const filter = filterOf(call);
  if (call.values['dry-run']) return undefined;
  const dead = await countRedrivable(await groups.tables(call.words[0]!), filter);
  return `Redrive ${Math.min(dead, limitOf(call))} dead letters of ${call.words[0]}?`;
}

async function redrive({ groups }: GroupTools, call: Call): Promise<Answer> {
  const [group = ''] = call.words;
  const filter = filterOf(call);
  const db = await groups.tables(group);
  if (call.values['dry-run']) {
    const dead = await countRedrivable(db, filter);
    return { data: { wouldRedrive: dead }, lines: [`${dead} dead letters would be redriven`] };
  }
  const redriveId = await startRedrive(db, {
    filter,
    limit: limitOf(call),
    ratePerSecond:
      numberOption(call, 'rate', { min: 0.01, max: MAX_RATE, isWhole: false }) ?? USUAL_RATE,
    hasCanary: call.values['no-canary'] !== true,
    startedBy: call.by,
  });
  if (redriveId === undefined) throw new Refusal('no dead letter is dead and matches');
  if (call.values['wait']) await untilOver(db, redriveId);
  const answer = await report(db, redriveId, call.values['brief'] === true);
  const follow = `npm run ops -- dead-letters progress ${group} ${redriveId}`;
  return { ...answer, lines: [...answer.lines, `follow it: ${follow}`] };
}

function filterOf(call: Call): DeadLetterFilter {
  const id = call.words[1];
  const filter = {
    deadLetterId: id === undefined ? undefined : idWord(id, 'ID'),
    fingerprint: textOption(call, 'fingerprint'),
    eventType: textOption(call, 'type'),
    key: textOption(call, 'key'),
  };
  const isNarrow = Object.values(filter).some((value) => value !== undefined);
  if (isNarrow === (call.values['all'] === true)) {
    throw new BadCall('say which: an ID, --fingerprint, --type, --key, or --all');
  }
  return filter;
}

function limitOf(call: Call): number {
  return numberOption(call, 'limit', { min: 1, max: MAX_REDRIVEN }) ?? MAX_REDRIVEN;
}

async function untilOver(db: Kysely<RuntimeSchema>, redriveId: number): Promise<void> {
  const deadline = performance.now() + MAX_WAIT_MS;
  while (performance.now() < deadline) {
    const progress = await redriveProgress(db, redriveId);
    if (progress?.waiting === 0) return;
    await sleep(LOOK_MS);
  }
  throw new Refusal(`redrive ${redriveId} is still under way; is the group running?`);
}

async function report(
  db: Kysely<RuntimeSchema>,
  redriveId: number,
  isBrief = false,
): Promise<Answer> {
  const progress = await redriveProgress(db, redriveId);
  if (!progress) throw new Refusal(`there is no redrive ${redriveId}`);
  const results = isBrief ? [] : await redriveResults(db, redriveId, MAX_REDRIVEN);
  const { state, waiting, redriven, deadAgain } = progress;
  const rows = results.map(({ deadLetterId, eventId, result, error }) => [
    ...[deadLetterId, result, eventId, error?.split('\n')[0] ?? ''],
  ]);
  return {
    isFailure: state === 'stopped',
    data: { ...progress, results },
    lines: [
      `redrive ${redriveId}: ${state}; ${redriven} handled, ${waiting} waiting, ${deadAgain} dead`,
      ...(state === 'stopped' ? ['its first is dead again: the others were not tried'] : []),
      ...(isBrief ? [] : table(['ID', 'RESULT', 'EVENT', 'ERROR'], rows)),
    ],
  };
}

async function cancel({ groups }: GroupTools, { words }: Call): Promise<Answer> {
  const [group = '', id = ''] = words;
  const db = await groups.tables(group);
  const redriveId = idWord(id, 'REDRIVE');
  if (!(await cancelRedrive(db, redriveId))) throw new Refusal(`redrive ${id} is not under way`);
  return report(db, redriveId);
}
