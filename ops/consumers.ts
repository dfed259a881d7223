import { forgetGroup } from '../consumers/admin/forget';
import { reportGroup, type GroupReport } from '../consumers/admin/report';
import { channelOf } from '../consumers/runtime/group-options';
import { isArchived } from '../db/consumers/archive';
import { pauseGroup, resumeGroup, skipOne } from '../db/consumers/group-status';
import { Refusal } from '../consumers/admin/refusal';
import type { Answer, Call, Command } from './command';
import type { GroupTools } from './group-tools';
import { whyOption } from './read-option';
import { table } from './table';

const WHY = { why: { value: 'TEXT', about: 'why, for the record; needed' } };

/** `npm run ops -- consumers …` */
export const CONSUMER_COMMANDS: Readonly<Record<string, Command<GroupTools>>> = {
  list: {
    words: [],
    about: 'every group: its state, how far it is behind, what is parked and dead',
    run: list,
  },
  show: { words: ['GROUP'], about: 'one group: its members and partitions', run: show },
  pause: {
    words: ['GROUP'],
    about: 'the group begins nothing more until it is resumed; its events wait in the streams',
    options: WHY,
    question: (_, { words: [group] }) => `Pause ${group}?`,
    run: pause,
  },
  resume: {
    words: ['GROUP'],
    about: 'the group goes on',
    question: (_, { words: [group] }) => `Resume ${group}?`,
    run: resume,
  },
  skip: {
    words: ['GROUP', 'EVENT_ID'],
    about: 'the group takes an event for handled without handling it',
    options: { ...WHY, unseen: { about: 'also one that nobody has recorded yet' } },
    question: (_, { words: [group, id] }) => `Let ${group} never handle ${id}?`,
    run: skip,
  },
  forget: {
    words: ['GROUP'],
    about: 'a group whose consumer was removed holds trimming back no longer; its tables stay',
    question: (_, { words: [group] }) => `Forget how far ${group} has read, for good?`,
    run: forget,
  },
};

async function list({ groups, broker }: GroupTools): Promise<Answer> {
  const reports: GroupReport[] = [];
  for (const group of await groups.names()) {
    reports.push(await reportGroup(await groups.tables(group), broker, group));
  }
  const head = ['GROUP', 'STATE', 'MEMBERS', 'LAG', 'LAG S', 'PARKED', 'DEAD', 'LOSSES'];
  const rows = reports.map((report) => [
    ...[report.group, report.state, report.members.length, report.lagEntries, report.lagSeconds],
    ...[report.parked, report.dead, report.losses],
  ]);
  return { data: reports, lines: table(head, rows) };
}

async function show({ groups, broker }: GroupTools, { words }: Call): Promise<Answer> {
  const group = words[0]!;
  const report = await reportGroup(await groups.tables(group), broker, group);
  return { data: report, lines: describe(report) };
}

function describe(report: GroupReport): string[] {
  const { group, state, pausedBy, pausedWhy, lagEntries, lagSeconds } = report;
  const { parked, dead, losses, unpublished, oldestParkedAt } = report;
  const members = report.members.map(({ member, startedAt, seenAt, health }) => [
    ...[member, startedAt, seenAt, JSON.stringify(health)],
  ]);
  const partitions = report.partitions.map(({ stream, member, lag, parked: waiting, position }) => [
    ...[stream, member ?? 'nobody', lag?.entries, lag?.seconds, lag?.pending],
    ...[lag && (lag.oldestPendingSeconds ?? '-'), waiting, position],
  ]);
  return [
    `${group}: ${state}${state === 'paused' ? ` by ${pausedBy}: ${pausedWhy}` : ''}`,
    `behind by ${lagEntries ?? '?'} events, ${lagSeconds ?? '?'} s`,
    `parked ${parked}${oldestParkedAt ? ` since ${oldestParkedAt.toISOString()}` : ''}, ` +
      `dead ${dead}, losses ${losses}, follow-up events not published ${unpublished}`,
    '',
    ...table(['MEMBER', 'STARTED', 'SEEN', 'HEALTH'], members),
    '',
    ...table(
      ['PARTITION', 'OWNER', 'LAG', 'LAG S', 'PENDING', 'OLDEST S', 'PARKED', 'SETTLED UP TO'],
      partitions,
    ),
  ];
}

async function pause({ groups }: GroupTools, call: Call): Promise<Answer> {
  const [group = ''] = call.words;
  const why = whyOption(call);
  await pauseGroup(await groups.tables(group), { channel: channelOf(group), by: call.by, why });
  return { data: { group, state: 'paused' }, lines: [`${group} is paused`] };
}

async function resume({ groups }: GroupTools, { words }: Call): Promise<Answer> {
  const [group = ''] = words;
  const wasPaused = await resumeGroup(await groups.tables(group), channelOf(group));
  const line = wasPaused ? `${group} goes on` : `${group} was not paused`;
  return { data: { group, wasPaused }, lines: [line] };
}

async function skip({ groups }: GroupTools, call: Call): Promise<Answer> {
  const [group = '', eventId = ''] = call.words;
  const why = whyOption(call);
  if (call.values['unseen'] !== true && !(await isArchived(groups.archive, eventId))) {
    throw new Refusal(`nobody has recorded an event ${eventId}; --unseen skips it all the same`);
  }
  const isSkipped = await skipOne(await groups.tables(group), eventId, { by: call.by, why });
  if (!isSkipped) throw new Refusal(`${group} has handled ${eventId} before, or skipped it`);
  return { data: { group, eventId, isSkipped }, lines: [`${group} will not handle ${eventId}`] };
}

async function forget({ groups, broker }: GroupTools, { words }: Call): Promise<Answer> {
  const [group = ''] = words;
  await forgetGroup(groups, broker, group);
  return { data: { group, isForgotten: true }, lines: [`${group} is forgotten`] };
}
