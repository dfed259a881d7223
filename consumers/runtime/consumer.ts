import type { Kysely, Transaction } from 'kysely';
import type { z } from 'zod';
import type { AnyEventContract, EventContract, EventOf } from '../../events/envelope';

/**
 * What a reaction is given besides the event.
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
  /** Aborted when the time of this attempt is up. */
  readonly signal: AbortSignal;
}

/**
 * What a reaction did, in its own words: shown to people, never read by the runtime.
 * @public
 */
export type Effect = Readonly<Record<string, unknown>>;

/**
 * The one idea: an event comes in, its effect is written in the given transaction. Runs at least
 * once, its effect is kept exactly once. Throwing takes everything back and parks the event.
 */
export type React<Data, Schema> = (
  event: EventOf<Data>,
  context: ReactionContext<Schema>,
) => Promise<Effect>;

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

/** What a consumer does once it has its settings. */
export interface Behaviour<Schema> {
  readonly reactions: readonly Reaction<Schema>[];
  readonly tasks?: readonly Task<Schema>[];
  /** Closes what {@link Consumer.create} opened. */
  readonly close?: () => void;
}

/** A consumer group: its name, its tables, and its reactions. */
export interface Consumer<Settings extends z.ZodType = z.ZodType, Schema = unknown> {
  /** Also the name of its schema: lower-case letters, digits and underscores. */
  readonly group: string;
  /** The environment variables it needs. */
  readonly settings: Settings;
  /** Its own tables as SQL, by name; they run once each, in the order of their names. */
  readonly migrations: Readonly<Record<string, string>>;
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
