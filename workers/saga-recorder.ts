import type { Logger } from 'pino';
import type { ObservedAttempt, ObserveAttempt } from '../activities/observed';
import type { Database } from '../db/database';
import { forgetAttempts, recordAttempts, type SagaAttempt } from '../db/saga-attempts';
import { redacted } from '../platform/redact';
import { repeat } from '../platform/repeat';

/** Attempts gather so long, so that a busy worker writes a few statements a second. */
const INTERVAL_MS = 250;
/** So many in one statement. */
const BATCH = 500;
/** While the database is away no more than so many are kept: some ten seconds of a busy worker. */
const MAX_WAITING = 5_000;

/** Longer than Temporal keeps histories, and long enough for a chargeback. */
const KEEP_DAYS = 180;
const FORGET_INTERVAL_MS = 60_000;
const FORGET_BATCH = 5_000;

/** Writes down what the sagas tried, beside their work. */
export interface SagaRecorder {
  readonly observe: ObserveAttempt;
  /** Writes what is left. */
  readonly stop: () => Promise<void>;
}

/**
 * Keeps attempts for people. It holds nobody up and may lose some: those of a process that is killed,
 * and those of a database that stays away.
 */
export function createSagaRecorder(db: Database, logger: Logger): SagaRecorder {
  let waiting: SagaAttempt[] = [];
  let isLosing = false;

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      await recordAttempts(db, batch).catch((err: unknown) => {
        if (!isRefused(err)) throw err;
        // One that cannot be written must not hold up those behind it.
        logger.error({ err, lost: batch.length }, 'attempts of sagas cannot be kept');
      });
      waiting = waiting.slice(batch.length);
      isLosing = false;
    }
  }
  const writing = repeat({ name: 'record attempts', intervalMs: INTERVAL_MS, logger }, write);
  const forgetting = repeat(
    { name: 'forget attempts', intervalMs: FORGET_INTERVAL_MS, logger },
    async (signal) => {
      while (
        !signal.aborted &&
        (await forgetAttempts(db, KEEP_DAYS, FORGET_BATCH)) === FORGET_BATCH
      )
        continue;
    },
  );
  return {
    observe(attempt) {
      const record = recordOf(attempt);
      if (!record) return;
      if (waiting.length < MAX_WAITING) waiting.push(record);
      else if (!isLosing) {
        isLosing = true;
        logger.warn({ waiting: waiting.length }, 'attempts of sagas are not kept for now');
      }
    },
    async stop() {
      await Promise.all([writing.stop(), forgetting.stop()]);
      await write();
    },
  };
}

/** SQLSTATE classes 22 (data exception) and 23 (integrity constraint violation). */
function isRefused(error: unknown): boolean {
  return /^2[23]/.test((error as { code?: string }).code ?? '');
}

/** A saga's workflow id ends with its order's. */
const SAGA_ID = /^(?:order|cancel)-(ord_[0-9a-f-]{36})$/;

function recordOf(attempt: ObservedAttempt): SagaAttempt | undefined {
  const orderId = SAGA_ID.exec(attempt.workflowId)?.[1];
  if (orderId === undefined) return undefined;
  const { workflowId, activity, startedAt, tookMs, outcome, eventId, error } = attempt;
  return {
    ...{ orderId, workflowId, activity, attempt: attempt.attempt, startedAt, tookMs, outcome },
    ...{ subject: eventId ?? null, error: error === undefined ? null : redacted(error) },
  };
}
