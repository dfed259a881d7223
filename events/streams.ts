import { createHash } from 'node:crypto';

/**
 * How many partitions the orders topic has. Fixed for its life: order in a partition is all the
 * order there is, and another number would send an order's later events elsewhere.
 */
export const PARTITION_COUNT = 8;

/** All partitions, 0 to {@link PARTITION_COUNT} − 1. */
export const PARTITIONS: readonly number[] = Array.from({ length: PARTITION_COUNT }, (_, p) => p);

/** The partition in which all events with this key stand, in order. */
export function partitionOf(key: string): number {
  return createHash('sha256').update(key).digest().readUInt32BE(0) % PARTITION_COUNT;
}

/** The stream of one partition. The braces are a Redis Cluster hash tag: one slot a partition. */
export function streamKey(partition: number): string {
  return `shop:{orders:${partition}}:events`;
}

/** The stream in which all events with this key stand. */
export function streamOf(key: string): string {
  return streamKey(partitionOf(key));
}

/** The hash that remembers which event ids were appended in one window of time. */
export function publishedKey(partition: number, window: number): string {
  return `shop:{orders:${partition}}:published:${window}`;
}

/**
 * How long an event id is remembered in Redis, and up to twice as long: longer than a step's unknown
 * outcome is retried, which is a day, and than the reconciler looks back. After that the stream id in
 * the journal says that the event was published. Each id takes some 100 bytes.
 */
export const PUBLISHED_WINDOW_MS = 2 * 24 * 60 * 60 * 1000;

/** The windows in which an event id may be remembered now: this one, and the one before. */
export function publishedWindows(): [current: number, before: number] {
  const window = Math.floor(Date.now() / PUBLISHED_WINDOW_MS);
  return [window, window - 1];
}
