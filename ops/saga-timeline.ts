import { defaultPayloadConverter, type Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import type { StepsTaken } from '../activities/take-steps';
import { ORDER_STEPS } from '../workflows/steps';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** One step of a saga, as its history tells it. */
export interface TimelineStep {
  readonly name: string;
  /** Undefined where the history does not tell. */
  readonly tookMs: number | undefined;
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
  // The SDK's own times in the marker are those of the workflow task, not of the attempt.
  return [{ name: summaryOf(event), tookMs: undefined, isFailed: failure != null }];
}

function summaryOf({ userMetadata }: HistoryEvent): string {
  const summary = userMetadata?.summary;
  const text = summary ? defaultPayloadConverter.fromPayload<string>(summary) : '';
  // By its own name: the Web UI shows it with a capital.
  return text.charAt(0).toLowerCase() + text.slice(1);
}

type Time = { seconds?: unknown; nanos?: number | null } | null | undefined;

function timeOf(time: Time): number {
  return Number(time?.seconds ?? NaN) * 1000 + (time?.nanos ?? 0) / 1e6;
}
