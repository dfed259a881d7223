import { createHash } from 'node:crypto';

/** This event can never be handled: it is a dead letter at once. */
export class NeverRetry extends Error {
  override readonly name = 'NeverRetry';
}

/** A longer wait than a day is not asked for by anyone who means this event. */
const MAX_RETRY_AFTER_MS = 24 * 3_600_000;

/** Somebody said when to come again: the next attempt is then. */
export class RetryAfter extends Error {
  override readonly name = 'RetryAfter';
  /** In ms, from 0 to a day. */
  readonly delayMs: number;

  constructor(message: string, delayMs: number, options?: ErrorOptions) {
    super(message, options);
    this.delayMs = Math.min(Math.max(delayMs, 0), MAX_RETRY_AFTER_MS);
  }
}

/**
 * What this consumer depends on is down, and any other event would fail as well: the group stops
 * reading and probes. It is charged to no event.
 */
export class DependencyDown extends Error {
  override readonly name = 'DependencyDown';
}

/** System errors of a connection that could not be made or was lost. */
const CONNECTION_ERRORS = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['ENOTFOUND', 'EAI_AGAIN'],
]);

/**
 * SQLSTATE classes and codes that speak of the server and not of the statement: connection
 * exceptions, insufficient resources, operator intervention and read-only (a replica). https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const SERVER_STATES = /^(08|53|57P|25006)/;

/**
 * What `pg` says without a code when a connection is gone; the last ones of a ROLLBACK, which is all
 * that is heard of a transaction whose connection was lost.
 */
const LOST_CONNECTION =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed)/;

/** Whether an error says that something is down, rather than that this event is bad. */
export function isDependencyDown(error: unknown): boolean {
  if (error instanceof DependencyDown) return true;
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (CONNECTION_ERRORS.has(code) || SERVER_STATES.test(code)) return true;
  return LOST_CONNECTION.test(error.message);
}

/** An error in the words of a dead letter. */
export interface DescribedError {
  readonly errorClass: string;
  readonly message: string;
  /** The message and its stack. */
  readonly text: string;
  /** The same for errors of one cause: what a person mends at once. */
  readonly fingerprint: string;
}

/** Describes whatever was thrown. */
export function describeError(error: unknown): DescribedError {
  const message = error instanceof Error ? error.message : String(error);
  const errorClass = error instanceof Error ? error.name : typeof error;
  const text = error instanceof Error ? (error.stack ?? message) : message;
  return { errorClass, message, text, fingerprint: fingerprint(errorClass, message, text) };
}

const FINGERPRINT_LENGTH = 12;

/** Of the class, the message without what differs from event to event, and the top frame. */
export function fingerprint(errorClass: string, message: string, stack = ''): string {
  const frame = /\n\s+at (.*)/.exec(stack)?.[1] ?? '';
  const normalized = message
    .replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/gi, '<id>')
    .replaceAll(/(["'`]).*?\1/g, '<text>')
    .replaceAll(/\d+/g, '<n>');
  // Lines and columns move with every deploy.
  const place = frame.replace(/\(?(?:\/[^/\s]*)*\//, '').replace(/:\d+:\d+\)?$/, '');
  return createHash('sha256')
    .update([errorClass, normalized, place].join('\n'))
    .digest('hex')
    .slice(0, FINGERPRINT_LENGTH);
}
