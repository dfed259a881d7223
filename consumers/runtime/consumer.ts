import type { Kysely, Transaction } from 'kysely';
import type { z } from 'zod';
import type { AnyEventContract, EventContract, EventOf } from '../../events/envelope';
import type { RetryPolicy } from './retry-policy';

/**
 * A follow-up event to be said.
 * @public
 */
export interface FollowUp<Data> {
  /** Whose event it is; also its key, which keeps its order. */
  readonly subject: string;
  readonly data: Data;
}

/**
 * What a reaction is given besides the event. Not to be copied: `tx` and `publish` are made when they
 * are asked for.
 * @public
 */
export interface ReactionContext<Schema> {
  /**
   * The transaction in which the event is marked as handled: what the reaction writes with it
   * becomes true together with that mark, or not at all.
   */
  readonly tx: Transaction<Schema>;
  /** 1 at first; counts failures, not deliveries. */
  readonly attempt: number;
  /** Aborted when the time of this attempt is up, or the partition is lost. */
  readonly signal: AbortSignal;
  /** Whether the event comes from the archive: it may be old. */
  readonly isReplay: boolean;
  /**
   * Says a follow-up event, in the same transaction: it is published if and when the effect is
   * committed, in the order of its subject. A failed attempt has said nothing; after a rebuild, it
   * is said again as another occurrence.
   */
  readonly publish: <Name extends string, Data>(
    contract: EventContract<Name, Data>,
    followUp: FollowUp<Data>,
  ) => Promise<void>;
}

/**
 * What a reaction did, in its own words: shown to people, never read by the runtime.
 * @public
 */
export type Effect = Readonly<Record<string, unknown>>;

/**
 * The one idea: an event comes in, its effect is written in the given transaction. Runs at least
 * once, its effect is kept exactly once. Throwing takes everything back and parks the event; see
 * {@link NeverRetry}, {@link RetryAfter} and {@link DependencyDown} for what an error can say.
 */
export type React<Data, Schema> = (
  event: EventOf<Data>,
  context: ReactionContext<Schema>,
) => Promise<Effect | void>;

/** An event and what to do about it. */
export interface Reaction<Schema> {
  readonly contract: AnyEventContract;
  readonly react: React<unknown, Schema>;
}

/**
 * Something that a consumer does beside its events, such as delivering mail.
 * @public
 */
export interface Task<Schema> {
  readonly name: string;
  readonly intervalMs: number;
  /** One round; throwing ends the round, not the task. */
  readonly run: (db: Kysely<Schema>, signal: AbortSignal) => Promise<void>;
}

/**
 * Something that a consumer keeps of a subject beside its effects, such as a mail and whether it was
 * sent, for a person who looks at the subject.
 * @public
 */
export interface ConsumerRecord {
  readonly at: Date;
  readonly what: string;
  readonly state: 'done' | 'waiting' | 'failed';
  /** No personal data. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * Whose records are asked for.
 * @public
 */
export interface SubjectQuery {
  readonly subject: string;
  /** The ids that its events have. */
  readonly eventIds: readonly string[];
}

/** What a consumer does once it has its settings. */
export interface Behaviour<Schema> {
  readonly reactions: readonly Reaction<Schema>[];
  readonly tasks?: readonly Task<Schema>[];
  /** Closes what {@link Consumer.create} opened, after its tasks have stopped; within some seconds. */
  readonly close?: () => Promise<void> | void;
}

/** How a group wants to be run; every part has a default. */
export interface Running {
  /** Reactions under way at once in one process (8; with a {@link batchSize}, 2). One key's are never. */
  readonly concurrency?: number;
  /**
   * Events of one partition that may share a transaction (1). Above 1 a failure of one takes all of
   * them back, and they are handled one by one; it pays where an effect is cheap.
   */
  readonly batchSize?: number;
  /** Whether later events of a key wait while one of it is parked (`hold`), or pass it (`skip`). */
  readonly whenParked?: 'hold' | 'skip';
  readonly retry?: Partial<RetryPolicy>;
  /**
   * What a new group begins with: `retained`, all that the streams still have (the default), or
   * `all`, every event since the first, from the archive.
   */
  readonly history?: 'retained' | 'all';
}

/** A consumer group: its name, its tables, and its reactions. */
export interface Consumer<
  Settings extends z.ZodType = z.ZodType,
  Schema = unknown,
> extends Running {
  /** Also the name of its schema: lower-case letters, digits and underscores. */
  readonly group: string;
  /** The environment variables it needs. */
  readonly settings: Settings;
  /** Its own tables as SQL, by name; they run once each, in the order of their names. */
  readonly migrations: Readonly<Record<string, string>>;
  /**
   * Its tables that hold nothing but what its reactions made of events, so that a rebuild may empty
   * them and read all events again. Without it the group cannot be rebuilt.
   */
  readonly projections?: readonly string[];
  /** What it keeps of a subject, for the order X-ray. */
  readonly recordsOf?: (db: Kysely<Schema>, query: SubjectQuery) => Promise<ConsumerRecord[]>;
  readonly create: (settings: z.infer<Settings>) => Behaviour<Schema>;
}

/** Declares a consumer. One file, one consumer, exported under the name `consumer`. */
export function defineConsumer<Schema, Settings extends z.ZodType>(
  consumer: Consumer<Settings, Schema>,
): Consumer<Settings, Schema> {
  return consumer;
}

/** Reacts to one event; its data is checked against the contract first. */
export function on<Name extends string, Data, Schema>(
  contract: EventContract<Name, Data>,
  react: React<Data, Schema>,
): Reaction<Schema> {
  return { contract, react: react as React<unknown, Schema> };
}
