import type { Context } from 'koa';
import { z } from 'zod';
import type { Database } from '../../db/database';
import { hasOrder } from '../../db/timeline';
import { keyOwner } from '../callers/caller';
import { operation, type Operation } from '../contract/operation';
import { answerEvents, beginEvents } from '../http/event-stream';
import { Problem } from '../http/problem';
import { timelineEntrySchema } from '../orders/timeline-entry';
import type { Timelines } from '../orders/timelines';
import { noSuchOrder, orderParams } from './orders';

/** What following an order needs. */
export interface TimelineDependencies {
  readonly db: Database;
  readonly timelines: Timelines;
}

/** Read from the journal, so it works with every worker down. */
export function timelineOperation({ db, timelines }: TimelineDependencies): Operation {
  return operation({
    id: 'followOrder',
    method: 'get',
    path: '/v1/orders/{id}/events',
    tag: 'orders',
    summary: 'Follow an order',
    description:
      'Server-sent events: all that happened to the order, then what happens. Each is a `TimelineEntry`, its id ' +
      'the sequence number; with `Last-Event-ID` only what came after it. Entries are some half a second late.',
    scopes: ['orders'],
    params: orderParams,
    headers: z.object({
      'Last-Event-ID': z
        .string()
        .regex(/^\d{1,9}$/)
        .optional(),
    }),
    answers: {
      200: {
        about: 'The stream, until you close it.',
        mediaType: 'text/event-stream',
        content: { id: 'TimelineEntry', schema: timelineEntrySchema },
      },
    },
    problems: ['bad-request', 'too-many-streams'],
    async handle({ ctx, caller, isStillGood, params: { id } }) {
      ctx.state['orderId'] = id;
      const afterSequence = lastEventId(ctx);
      if (!(await hasOrder(db, id, caller))) throw noSuchOrder();
      beginEvents(ctx);
      if (ctx.method === 'HEAD') return;
      if (timelines.isClosed) throw new Problem('unavailable', { headers: { 'Retry-After': '1' } });
      const follower = { caller: keyOwner(caller), isStillGood };
      answerEvents(ctx, timelines.open(id, afterSequence, follower));
    },
  });
}

/** 0 without one: from the beginning. */
function lastEventId(ctx: Context): number {
  const header = ctx.get('Last-Event-ID');
  if (header === '') return 0;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  throw new Problem('bad-request', { detail: 'Last-Event-ID is a sequence number' });
}
