import { sql, type Kysely, type KyselyPlugin, type Transaction } from 'kysely';
import { recordRedriven } from '../../db/consumers/dead-letters';
import { claimEvents, keyOf, recordEffects } from '../../db/consumers/inbox';
import { isKeyParked, unpark } from '../../db/consumers/parked';
import type { RuntimeSchema } from '../../db/consumers/tables';
import type { Envelope } from '../../events/envelope';
import type { Effect, Reaction, ReactionContext } from './consumer';
import { publishInto, type FollowUps } from './follow-ups';
import type { Attempted, Observer } from './observer';
import type { Partition } from './partition';
import type { Work } from './work';

/** An event to be handled, and its reaction. */
export interface Handling {
  readonly work: Work;
  readonly event: Envelope;
  readonly reaction: Reaction<never>;
  readonly attempt: number;
}

/** What an attempt needs. */
export interface AttemptOptions {
  readonly db: Kysely<RuntimeSchema>;
  readonly followUps: FollowUps;
  readonly attemptTimeoutMs: number;
  readonly observer: Observer;
}

/**
 * Handles events of one partition in one transaction: each is marked as handled together with its
 * effect, and what was parked is so no longer. An event that is marked already has no effect again.
 * Throws what a reaction threw, Fenced when the partition has another owner, or the database's
 * error; nothing is kept then, unless the answer to the commit was lost.
 */
export async function attempt(
  { db, followUps, attemptTimeoutMs, observer }: AttemptOptions,
  partition: Partition,
  handlings: readonly Handling[],
): Promise<void> {
  const handle = (signal: AbortSignal) =>
    db.transaction().execute(async (tx) => {
      const claimed = await claimEvents(tx, partition, eventsOf(handlings));
      const { effects, isUsed } = await reactToAll(tx, handlings, { claimed, followUps, signal });
      // Where nobody took the transaction, no error of it can have been swallowed.
      if (isUsed || effects.size > 0) await recordEffects(tx, effects);
      signal.throwIfAborted();
      return findReleased(tx, handlings);
    });
  const released = await observer.around(handlings.map(attempted), () =>
    partition.withDeadline(attemptTimeoutMs, handle),
  );
  for (const key of released) partition.heldKeys.delete(key);
  observer.settled('handled', handlings.length);
}

function attempted({ event, attempt: number, work }: Handling): Attempted {
  return { event, attempt: number, isReplay: work.isReplay };
}

function eventsOf(handlings: readonly Handling[]): Envelope[] {
  return handlings.map(({ event }) => event);
}

interface Reacting {
  /** The ids of events that were not handled before. */
  readonly claimed: Set<string>;
  readonly followUps: FollowUps;
  readonly signal: AbortSignal;
}

interface Reacted {
  /** What was done, by event id. */
  readonly effects: ReadonlyMap<string, Effect>;
  /** Whether a reaction took its transaction. */
  readonly isUsed: boolean;
}

/** Lets the reactions write their effects, one after another. */
async function reactToAll(
  tx: Transaction<RuntimeSchema>,
  handlings: readonly Handling[],
  reacting: Reacting,
): Promise<Reacted> {
  const use = new Use();
  const guarded = tx.withPlugin(use);
  const shared = { tx: guarded, use, ...reacting };
  const effects = new Map<string, Effect>();
  const reactions = (async () => {
    for (const handling of handlings) {
      // An id that is there twice is handled once.
      const isNew = reacting.claimed.delete(handling.event.id);
      const effect = isNew ? await react(shared, handling) : undefined;
      if (effect) effects.set(handling.event.id, effect);
      if (handling.work.parked) await forgetParked(guarded, handling.work, isNew);
    }
  })();
  try {
    await orAbort(reactions, reacting.signal);
    return { effects, isUsed: use.isUsed };
  } catch (error) {
    use.isOver = true;
    // What it has sent already must be over before the transaction is: it would be kept.
    await sql`select 1`.execute(tx).catch(() => undefined);
    throw error;
  }
}

interface Shared extends Reacting {
  readonly tx: Transaction<RuntimeSchema>;
  readonly use: Use;
}

function react(shared: Shared, handling: Handling): Promise<Effect | void> {
  return handling.reaction.react(handling.event, new Context(shared, handling));
}

/** What a reaction is given; its transaction, and how to publish, are made for those that ask. */
class Context implements ReactionContext<never> {
  readonly attempt: number;
  readonly signal: AbortSignal;
  readonly isReplay: boolean;
  readonly #shared: Shared;
  readonly #event: Envelope;

  constructor(shared: Shared, { event, attempt, work }: Handling) {
    this.attempt = attempt;
    this.signal = shared.signal;
    this.isReplay = work.isReplay;
    this.#shared = shared;
    this.#event = event;
  }

  get tx() {
    this.#shared.use.isUsed = true;
    return this.#shared.tx as never;
  }

  get publish() {
    this.#shared.use.isUsed = true;
    return publishInto(this.#shared.tx, this.#shared.followUps, this.#event);
  }
}

/** Knows whether a reaction took its transaction; refuses what it writes once its attempt is over. */
class Use implements KyselyPlugin {
  isUsed = false;
  isOver = false;

  transformQuery({ node }: Parameters<KyselyPlugin['transformQuery']>[0]) {
    if (this.isOver) throw new Error('this attempt is over: its transaction is taken back');
    return node;
  }

  transformResult({ result }: Parameters<KyselyPlugin['transformResult']>[0]) {
    return Promise.resolve(result);
  }
}

/** A reaction that ignores its signal must not keep its transaction and its place for ever. */
async function orAbort<Result>(running: Promise<Result>, signal: AbortSignal): Promise<Result> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
  try {
    return await Promise.race([running, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort!);
    running.catch(() => undefined);
  }
}

async function forgetParked(
  tx: Transaction<RuntimeSchema>,
  { delivery, parked }: Work,
  isNew: boolean,
): Promise<void> {
  await unpark(tx, delivery);
  const deadLetterId = parked?.deadLetterId ?? null;
  if (deadLetterId === null) return;
  await recordRedriven(tx, deadLetterId, isNew ? 'handled' : 'handled before');
}

/** The keys that nothing is parked of any more. */
async function findReleased(
  tx: Transaction<RuntimeSchema>,
  handlings: readonly Handling[],
): Promise<string[]> {
  const keys = handlings.filter(({ work }) => work.parked).map(({ work }) => keyOf(work.delivery));
  const released: string[] = [];
  for (const key of new Set(keys)) if (!(await isKeyParked(tx, key))) released.push(key);
  return released;
}
