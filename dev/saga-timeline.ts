import { defaultPayloadConverter, type Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import type { StepsTaken } from '../activities/take-steps';
import { ORDER_STEPS } from '../workflows/steps';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** One step of a saga, as its history tells it. */
export interface TimelineStep {
  readonly name: string;
  readonly tookMs: number;
  readonly isFailed: boolean;
}

/** The steps of an order's saga, in their order: those taken at once, alone, or as activities. */
export async function readTimeline(client: Client, workflowId: string): Promise<TimelineStep[]> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const all = events ?? [];
  return all.flatMap((event) => stepsOf(event, all));
}

function stepsOf(event: HistoryEvent, all: readonly HistoryEvent[]): TimelineStep[] {
  const marker = event.markerRecordedEventAttributes;
  if (marker?.markerName === 'core_local_activity') return stepsOfMarker(event);
  if (!event.activityTaskScheduledEventAttributes) return [];
  const id = String(event.eventId);
  const closing = all.find(
    (other) =>
      String(other.activityTaskCompletedEventAttributes?.scheduledEventId) === id ||
      String(other.activityTaskFailedEventAttributes?.scheduledEventId) === id,
  );
  const tookMs = Math.round(timeOf(closing?.eventTime) - timeOf(event.eventTime));
  const isFailed = closing?.activityTaskFailedEventAttributes != null;
  return [{ name: summaryOf(event), tookMs, isFailed }];
}

/** The SDK's marker of a local activity: its data as JSON, and what it returned. */
function stepsOfMarker(event: HistoryEvent): TimelineStep[] {
  const { details, failure } = event.markerRecordedEventAttributes!;
  const result = details?.['result']?.payloads?.[0];
  const taken = result ? defaultPayloadConverter.fromPayload<Partial<StepsTaken>>(result) : null;
  if (taken?.tookMs) {
    return taken.tookMs.map((tookMs, i) => {
      return { name: ORDER_STEPS[i]?.name ?? `step ${i + 1}`, tookMs, isFailed: false };
    });
  }
  const data = details?.['data']?.payloads?.[0];
  const { start_time: from, complete_time: to } = data
    ? defaultPayloadConverter.fromPayload<{ start_time?: Time; complete_time?: Time }>(data)
    : {};
  const tookMs = Math.round(timeOf(to) - timeOf(from));
  return [{ name: summaryOf(event), tookMs, isFailed: failure != null }];
}

function summaryOf({ userMetadata }: HistoryEvent): string {
  const summary = userMetadata?.summary;
  return summary ? defaultPayloadConverter.fromPayload<string>(summary) : '';
}

type Time = { seconds?: unknown; nanos?: number | null } | null | undefined;

function timeOf(time: Time): number {
  return Number(time?.seconds ?? NaN) * 1000 + (time?.nanos ?? 0) / 1e6;
}
