import type { Database } from '../db/database';
import { findSuspectHolds, settleOverdueNotes } from '../db/holds';
import { releaseStock } from '../db/inventory';
import { noteAttention } from '../db/attention';

const BATCH = 200;

const OVERDUE_NOTE = 'stock is held for too long';

/** What one sweep did. */
export interface HoldSweep {
  /** Orders that had ended, whose stock was still held and is free now. */
  readonly released: string[];
  /** Orders that hold stock for longer than a placement may take: a person is to look. */
  readonly overdue: string[];
}

/**
 * Releases holds whose order has ended, and raises those that are older than the placement
 * deadline allows: their saga may still be alive, so that only a person may end them.
 */
export async function sweepHolds(db: Database, overdueSeconds: number): Promise<HoldSweep> {
  await settleOverdueNotes(db, OVERDUE_NOTE);
  const suspects = await findSuspectHolds(db, { overdueSeconds, limit: BATCH });
  const sweep: HoldSweep = { released: [], overdue: [] };
  for (const { orderId, reason } of suspects) {
    if (reason === 'terminal' && (await releaseStock(db, orderId))) sweep.released.push(orderId);
    if (reason === 'overdue') {
      await noteAttention(db, orderId, OVERDUE_NOTE);
      sweep.overdue.push(orderId);
    }
  }
  return sweep;
}
