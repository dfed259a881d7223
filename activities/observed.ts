import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { SpanStatusCode, trace } from '@opentelemetry/api';

/** How one attempt at an activity went. */
type AttemptOutcome = 'completed' | 'refused' | 'failed' | 'cancelled';

/** One attempt at an activity, for whoever counts or records them. */
export interface ObservedAttempt {
  readonly workflowId: string;
  readonly activity: string;
  /** 1 at first. */
  readonly attempt: number;
  readonly startedAt: Date;
  readonly tookMs: number;
  readonly outcome: AttemptOutcome;
  /** The id of the event that it was about, where it was about one. */
  readonly eventId?: string | undefined;
  /** The message of what went wrong. */
  readonly error?: string | undefined;
  readonly result?: unknown;
}

/** Told of every attempt once it has ended; must not throw. */
export type ObserveAttempt = (attempt: ObservedAttempt) => void;

type Activity = (input: never) => Promise<unknown>;

const tracer = trace.getTracer('tandem');

/**
 * The same activities, each telling of every attempt, with a span of its own: also those that are taken
 * together in one, which Temporal sees as one.
 */
export function observed<Activities extends Readonly<Record<string, Activity>>>(
  activities: Activities,
  observe: ObserveAttempt,
): Activities {
  const entries = Object.entries(activities).map(([name, activity]) => [
    name,
    (input: never) => observedTry(name, () => activity(input), eventIdOf(input), observe),
  ]);
  return Object.fromEntries(entries) as Activities;
}

async function observedTry(
  activity: string,
  run: () => Promise<unknown>,
  eventId: string | undefined,
  observe: ObserveAttempt,
): Promise<unknown> {
  const { workflowExecution, attempt } = Context.current().info;
  const { workflowId = '' } = workflowExecution ?? {};
  const startedAt = new Date();
  const begun = performance.now();
  const end = (outcome: AttemptOutcome, more: { error?: string; result?: unknown }) => {
    const tookMs = performance.now() - begun;
    observe({ workflowId, activity, attempt, startedAt, tookMs, outcome, eventId, ...more });
  };
  return tracer.startActiveSpan(activity, async (span) => {
    span.setAttributes({ 'tandem.workflow_id': workflowId, 'tandem.attempt': attempt });
    try {
      const result = await run();
      end('completed', { result });
      return result;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // Without its text, which is somebody else's.
      span.setStatus({ code: SpanStatusCode.ERROR });
      end(outcomeOf(error), { error: message });
      throw error;
    } finally {
      span.end();
    }
  });
}

function outcomeOf(error: unknown): AttemptOutcome {
  if (error instanceof CancelledFailure) return 'cancelled';
  return error instanceof ApplicationFailure && error.nonRetryable ? 'refused' : 'failed';
}

function eventIdOf(input: unknown): string | undefined {
  return (input as { eventId?: string } | undefined)?.eventId;
}
