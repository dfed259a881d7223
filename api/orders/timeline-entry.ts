import { z } from 'zod';
import { TIMELINE_NAMES, type TimelineEntry } from '../../db/timeline';
import { momentSchema } from '../contract/moments';

/** The data of each server-sent event of an order's timeline. */
export const timelineEntrySchema = z
  .strictObject({
    object: z.literal('timeline_entry'),
    sequence: z.int().positive().describe('Also the id of the event, for `Last-Event-ID`.'),
    name: z.enum(TIMELINE_NAMES),
    recordedAt: momentSchema,
    code: z.string().optional().describe('Why it ended.'),
    carrier: z.string().optional(),
    trackingNumber: z.string().optional(),
  })
  .meta({ id: 'TimelineEntry' });

/** An entry for the order's owner. */
export function timelineEntryResource(entry: TimelineEntry): z.infer<typeof timelineEntrySchema> {
  const { sequence, name, recordedAt, code, carrier, trackingNumber } = entry;
  return {
    ...{ object: 'timeline_entry', sequence, name, recordedAt: recordedAt.toISOString() },
    ...(code === null ? {} : { code }),
    ...(carrier === null ? {} : { carrier }),
    ...(trackingNumber === null ? {} : { trackingNumber }),
  };
}
