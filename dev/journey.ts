import { styleText } from 'node:util';
import { defaultPayloadConverter, type Client } from '@temporalio/client';
import { orderSagaId } from '../workflows/messages';
import type { FollowedOrder } from './first-order';

/** One activity of a saga, as its history tells it. */
interface SagaStep {
  readonly name: string;
  /** What the Temporal Web UI shows beside it. */
  readonly summary: string;
  readonly tookMs: number;
}

/** The order's journey on both sides, in lines for a person. */
export async function describeJourney(client: Client, order: FollowedOrder): Promise<string[]> {
  const steps = await readSteps(client, order.orderId);
  const events = order.journal.filter((entry) => entry.eventId !== null);
  return [
    heading(`Order ${order.orderId}, confirmed in ${Math.round(order.confirmedInMs)} ms`),
    heading('Orchestrated: the saga decided, step by step'),
    ...steps.map(
      ({ name, summary, tookMs }) =>
        `  ${name.padEnd(20)} ${String(tookMs).padStart(4)} ms  ${summary}`,
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

async function readSteps(client: Client, orderId: string): Promise<SagaStep[]> {
  const { events } = await client.workflow.getHandle(orderSagaId(orderId)).fetchHistory();
  const completions = new Map(
    (events ?? []).map((event) => [
      String(event.activityTaskCompletedEventAttributes?.scheduledEventId),
      timeOf(event.eventTime),
    ]),
  );
  return (events ?? []).flatMap((event) => {
    const name = event.activityTaskScheduledEventAttributes?.activityType?.name;
    if (!name) return [];
    const completedAt = completions.get(String(event.eventId)) ?? NaN;
    const summary = event.userMetadata?.summary;
    return [
      {
        name,
        summary: summary ? defaultPayloadConverter.fromPayload<string>(summary) : '',
        tookMs: Math.round(completedAt - timeOf(event.eventTime)),
      },
    ];
  });
}

function timeOf(time: { seconds?: unknown; nanos?: number | null } | null | undefined): number {
  return Number(time?.seconds ?? NaN) * 1000 + (time?.nanos ?? 0) / 1e6;
}

/** Lines in a box. */
export function box(lines: readonly string[]): string {
  const width = Math.max(...lines.map((line) => line.length));
  const rows = lines.map((line) => `│ ${line.padEnd(width)} │`);
  const bar = '─'.repeat(width + 2);
  return [`╭${bar}╮`, ...rows, `╰${bar}╯`].join('\n');
}
