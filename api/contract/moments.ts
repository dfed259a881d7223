import { z } from 'zod';

/** A moment, as everywhere in the API: ISO 8601 in UTC. */
export const momentSchema = z.iso.datetime();

/** A moment that a client gives: of an age of which PostgreSQL and JavaScript think alike. */
export const givenMomentSchema = z.iso
  .datetime('expected a moment in UTC, such as 2026-11-26T09:00:00Z')
  .regex(/^(19[7-9]|2\d\d)\d-/, 'expected a moment from 1970 on')
  .meta({ example: '2026-11-26T09:00:00Z' });
