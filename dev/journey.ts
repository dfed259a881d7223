import { styleText } from 'node:util';
import type { Client } from '@temporalio/client';
import { orderSagaId } from '../workflows/messages';
import type { FollowedOrder } from './first-order';
import { readTimeline } from '../ops/saga-timeline';

/** The order's journey on both sides, in lines for a person. */
export async function describeJourney(client: Client, order: FollowedOrder): Promise<string[]> {
  const steps = await readTimeline(client, orderSagaId(order.orderId));
  const events = order.journal.filter((entry) => entry.eventId !== null);
  return [
    heading(`Order ${order.orderId}, confirmed in ${Math.round(order.confirmedInMs)} ms`),
    heading('Orchestrated: the saga decided, step by step'),
    ...steps.map(
      ({ name, tookMs }) => `  ${name.padEnd(20)} ${String(tookMs ?? '?').padStart(4)} ms`,
    ),
    heading('Facts: events in Redis Streams'),
    ...events.map(({ name, streamId }) => `  ${name.padEnd(20)} ${streamId}`),
    heading('Choreographed: consumers reacted, and the saga knows none of them'),
    ...order.effects.map(({ group, effect }) => `  ${group.padEnd(20)} ${JSON.stringify(effect)}`),
  ];
}

function heading(text: string): string {
  return `\n${styleText('bold', text)}`;
}

/** Lines in a box. */
export function box(lines: readonly string[]): string {
  const width = Math.max(...lines.map((line) => line.length));
  const rows = lines.map((line) => `│ ${line.padEnd(width)} │`);
  const bar = '─'.repeat(width + 2);
  return [`╭${bar}╮`, ...rows, `╰${bar}╯`].join('\n');
}
