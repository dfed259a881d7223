import { countArchive } from '../db/consumers/archive';
import {
  cancelReplay,
  listReplays,
  startRebuild,
  startReplay,
  type ReplayFilter,
  type ReplayProgress,
} from '../db/consumers/replays';
import { consumersNamed } from '../workers/consumer-registry';
import { Refusal } from '../consumers/admin/refusal';
import { BadCall, type Answer, type Call, type Command } from './command';
import type { GroupTools } from './group-tools';
import { idWord, numberOption, textOption, timeOption } from './read-option';
import { table } from './table';

const MAX_LISTED = 50;
const MAX_RATE = 100_000;

const RATE = {
  rate: { value: 'N', about: 'at most so many events a second (as fast as it goes)' },
};

/** `npm run ops -- replay …` */
export const REPLAY_COMMANDS: Readonly<Record<string, Command<GroupTools>>> = {
  list: { words: ['GROUP'], about: 'the latest replays of a group', run: list },
  start: {
    words: ['GROUP'],
    about: 'lets this group alone read events of the archive: those it has not handled are',
    options: {
      from: { value: 'TIME', about: 'recorded then or later (the first event)' },
      to: { value: 'TIME', about: 'recorded then or earlier (now)' },
      type: { value: 'TYPE', isMultiple: true, about: 'only of this event type; may be repeated' },
      key: { value: 'KEY', about: 'only of this key, such as an order' },
      ...RATE,
      'dry-run': { about: 'only count them' },
    },
    question: (_, { words: [group], values }) =>
      values['dry-run'] ? undefined : `Replay events into ${group}?`,
    run: start,
  },
  rebuild: {
    words: ['GROUP'],
    about: 'empties what the group has made of events, and reads all of them again',
    options: RATE,
    question: (_, { words: [group] }) =>
      `Empty the projections of ${group}, and make them anew from all events?`,
    run: rebuild,
  },
  cancel: {
    words: ['GROUP', 'REPLAY'],
    about: 'ends a replay where it stands',
    question: (_, { words: [group, id] }) => `Cancel replay ${id} of ${group}?`,
    run: cancel,
  },
};

async function list({ groups }: GroupTools, { words }: Call): Promise<Answer> {
  const replays = await listReplays(await groups.tables(words[0]!), MAX_LISTED);
  return { data: replays, lines: describe(replays) };
}

function describe(replays: readonly ReplayProgress[]): string[] {
  if (replays.length === 0) return ['there was no replay yet'];
  const rows = replays.map((replay) => [
    ...[replay.replayId, replay.mode, replay.state, replay.read],
    ...[`${replay.partitionsDone}/${replay.partitions}`, replay.startedAt, replay.startedBy],
  ]);
  return table(['ID', 'MODE', 'STATE', 'READ', 'PARTITIONS', 'STARTED', 'BY'], rows);
}

async function start({ groups }: GroupTools, call: Call): Promise<Answer> {
  const types = call.values['type'];
  const filter = {
    fromTime: timeOption(call, 'from'),
    toTime: timeOption(call, 'to'),
    eventTypes: Array.isArray(types) ? types.map(String) : undefined,
    key: textOption(call, 'key'),
  };
  if (filter.fromTime && filter.toTime && filter.fromTime > filter.toTime) {
    throw new BadCall('--from is later than --to');
  }
  const ratePerSecond = numberOption(call, 'rate', { min: 0.1, max: MAX_RATE, isWhole: false });
  const db = await groups.tables(call.words[0]!);
  if (call.values['dry-run']) return count({ groups }, filter);
  const replayId = await startReplay(db, {
    ...filter,
    ratePerSecond,
    mode: 'fill',
    holdsLive: false,
    startedBy: call.by,
  });
  return started(replayId, call.words[0]!);
}

async function count(
  { groups }: Pick<GroupTools, 'groups'>,
  filter: ReplayFilter,
): Promise<Answer> {
  const counts = await countArchive(groups.archive, {
    fromTime: filter.fromTime ?? null,
    toTime: filter.toTime ?? new Date(),
    eventTypes: filter.eventTypes ?? null,
    key: filter.key ?? null,
  });
  const lines = table(['TYPE', 'WOULD BE READ'], Object.entries(counts));
  return { data: { wouldRead: counts }, lines };
}

function started(replayId: number, group: string): Answer {
  const lines = [
    `replay ${replayId} is under way`,
    `follow it: npm run ops -- replay list ${group}`,
  ];
  return { data: { replayId }, lines };
}

async function rebuild({ groups }: GroupTools, call: Call): Promise<Answer> {
  const [group = ''] = call.words;
  const db = await groups.tables(group);
  const [consumer] = consumersNamed([group]);
  const projections = consumer?.projections ?? [];
  if (projections.length === 0) {
    throw new Refusal(`${group} declares no projections: what it did cannot be made anew`);
  }
  const ratePerSecond = numberOption(call, 'rate', { min: 0.1, max: MAX_RATE, isWhole: false });
  return started(await startRebuild(db, { projections, ratePerSecond, startedBy: call.by }), group);
}

async function cancel({ groups }: GroupTools, { words }: Call): Promise<Answer> {
  const [group = '', id = ''] = words;
  const db = await groups.tables(group);
  if (!(await cancelReplay(db, idWord(id, 'REPLAY')))) {
    throw new Refusal(`replay ${id} is not under way`);
  }
  return { data: { replayId: Number(id), state: 'cancelled' }, lines: [`${id} is cancelled`] };
}
