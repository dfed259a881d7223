import { z } from 'zod';
import { operation, type Operation } from '../contract/operation';
import { answerEvents, beginEvents } from '../http/event-stream';
import { Problem } from '../http/problem';
import { commandAnswerSchema, commandSchema } from '../operator/command-resource';
import type { Operator, RoomSettings } from '../operator/operator';
import { overviewSchema, seriesSchema } from '../operator/overview-resource';
import type { OverviewStreams } from '../operator/overview-streams';
import { xraySchema } from '../operator/xray-resource';
import { noSuchOrder, orderParams } from './orders';

/** What the operators' part of the API needs. */
export interface OperatorDependencies {
  readonly operator: Operator;
  readonly overviews: OverviewStreams;
  readonly room: RoomSettings;
}

const RETRY_AFTER = { 'Retry-After': '5' };

const common = { tag: 'operations', scopes: ['ops'] } as const;

/** What the control room is made of: it sees all tenants, and only the scope `ops` may. */
export function operatorOperations(dependencies: OperatorDependencies): Operation[] {
  return [
    ...overviews(dependencies),
    xray(dependencies),
    command(dependencies),
    room(dependencies),
  ];
}

function overviews({ operator, overviews: streams }: OperatorDependencies): Operation[] {
  return [
    operation({
      ...{ ...common, id: 'getOverview', method: 'get', path: '/v1/ops/overview' },
      summary: 'How everything stands',
      answers: { 200: { about: 'Both sides, now.', body: overviewSchema } },
      handle: async () => ({ status: 200, body: await operator.overview() }),
    }),
    operation({
      ...{ ...common, id: 'watchOverview', method: 'get', path: '/v1/ops/overview/events' },
      summary: 'Watch how everything stands',
      description:
        'Server-sent events `overview`, one a second; `trouble` while it cannot be told. There is nothing to ' +
        'catch up with: each says everything.',
      answers: {
        200: {
          about: 'The stream, until you close it.',
          mediaType: 'text/event-stream',
          content: { id: 'Overview', schema: overviewSchema },
        },
      },
      problems: ['too-many-streams'],
      handle({ ctx, isStillGood }) {
        beginEvents(ctx);
        if (ctx.method !== 'HEAD') answerEvents(ctx, streams.open(isStillGood));
      },
    }),
    operation({
      ...{ ...common, id: 'getSeries', method: 'get', path: '/v1/ops/series' },
      summary: 'How the last hour was',
      answers: { 200: { about: 'Points in which something happened.', body: seriesSchema } },
      handle: async () => ({ status: 200, body: await operator.series() }),
    }),
  ];
}

function xray({ operator }: OperatorDependencies): Operation {
  return operation({
    ...{ ...common, id: 'getXray', method: 'get', path: '/v1/ops/orders/{id}/xray' },
    summary: 'An order on both sides, on one time axis',
    description:
      'From our own records, so that it also works while Temporal, Redis or a consumer is away, and when ' +
      'Temporal has forgotten the saga.',
    params: orderParams,
    answers: { 200: { about: 'The X-ray.', body: xraySchema } },
    async handle({ ctx, params: { id } }) {
      ctx.state['orderId'] = id;
      const found = await operator.xray(id);
      if (!found) throw noSuchOrder();
      return { status: 200, body: found };
    },
  });
}

function command({ operator }: OperatorDependencies): Operation {
  return operation({
    ...{ ...common, id: 'runCommand', method: 'post', path: '/v1/ops/commands' },
    summary: "Run an operator's command",
    description:
      'The commands of `npm run ops` (saga, reconcile, consumers, dead-letters, replay, shipments, audit), with ' +
      'their words and options. Who changed something, and why, is kept (`audit list`).',
    body: commandSchema,
    invalidBody: 'invalid-command',
    answers: { 200: { about: 'What it says.', body: commandAnswerSchema } },
    problems: ['command-refused'],
    async handle({ caller, body: { by, ...request } }) {
      const who = by === undefined ? caller.credential : `${by} (${caller.credential})`;
      const result = await operator.run({ ...request, by: who });
      switch (result.kind) {
        case 'bad-call':
          throw new Problem('invalid-command', { detail: result.message });
        case 'refused':
          throw new Problem('command-refused', { detail: result.message });
        case 'unavailable':
          throw new Problem('unavailable', { detail: result.message, headers: RETRY_AFTER });
        case 'answer': {
          const { lines, data, isFailure } = result;
          return { status: 200, body: { object: 'command', lines, data: data ?? null, isFailure } };
        }
      }
    },
  });
}

function room({ room: links }: OperatorDependencies): Operation {
  const schema = z
    .strictObject({
      object: z.literal('room'),
      temporalUi: z.string().nullable(),
      development: z.string().nullable().describe('Where things are broken; null in production.'),
    })
    .meta({ id: 'Room' });
  return operation({
    ...{ ...common, id: 'getRoom', method: 'get', path: '/v1/ops/room' },
    summary: 'What the control room links to',
    answers: { 200: { about: 'Links.', body: schema } },
    handle: () => ({
      status: 200,
      body: {
        object: 'room',
        temporalUi: links.temporalUi ?? null,
        development: links.development ?? null,
      },
    }),
  });
}
