import type { Database } from '../db/database';
import { findEvent, markPublished } from '../db/journal';
import { REFUSALS } from '../domain/refusals';
import {
  EventConflict,
  publishOnce,
  type PublishableEvent,
  type ScriptRunner,
} from '../events/publish-once';
import { refuse } from './refuse';

/** Where an event went. */
export interface Publication {
  readonly streamId: string;
}

/** What publishing needs. */
export interface PublishingDependencies {
  readonly db: Database;
  readonly redis: ScriptRunner;
}

/** Redis Streams as the saga sees them. */
export function createPublishingActivities(dependencies: PublishingDependencies) {
  return {
    /**
     * Appends a recorded event to its stream, once however often it is called, and writes the
     * stream id into its journal row. Refuses with `event_conflict` or `not_found`.
     */
    async publishEvent({ eventId }: { eventId: string }): Promise<Publication> {
      const event = await findEvent(dependencies.db, eventId);
      if (!event) throw refuse(REFUSALS.notFound, `the journal has no event ${eventId}`);
      return publishRecorded(dependencies, event);
    },
  };
}

/** Publishes an event as its journal row has it. Refuses with `event_conflict`. */
export async function publishRecorded(
  { db, redis }: PublishingDependencies,
  event: PublishableEvent,
): Promise<Publication> {
  try {
    const published = await publishOnce(redis, event);
    await markPublished(db, event.id, published);
    return { streamId: published.streamId };
  } catch (error) {
    if (error instanceof EventConflict) throw refuse(REFUSALS.eventConflict, error.message);
    throw error;
  }
}
