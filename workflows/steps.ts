import {
  proxyActivities,
  type ActivityInterfaceFor,
  type ActivityOptions,
} from '@temporalio/workflow';
import type { SagaActivities } from '../activities';
import type { RecordedEvent } from '../activities/orders';
import { compensatable, retriable } from './retry-policies';

/** Before the pivot: bounded, and undone when the saga cannot go on. */
export const { reserveStock, authorizePayment } = activities(compensatable, {
  reserveStock: 'Reserve stock',
  authorizePayment: 'Authorize payment',
});

/** The pivot and what follows it: tried until it works. */
export const { confirmOrder, capturePayment } = activities(retriable, {
  confirmOrder: 'Confirm order (the pivot)',
  capturePayment: 'Capture payment',
});

const { publishEvent } = proxyActivities<SagaActivities>(retriable);

/** Publishes a recorded event; the Temporal Web UI shows it by its name. */
export async function publish(name: string, event: RecordedEvent): Promise<void> {
  await publishEvent.executeWithOptions({ ...retriable, summary: `Publish ${name}` }, [event]);
}

/** The way back: tried until it works. */
export const { releaseStock, voidAuthorization, closeOrder, noteAttention } = activities(
  retriable,
  {
    releaseStock: 'Undo: release stock',
    voidAuthorization: 'Undo: void authorization',
    closeOrder: 'Close order',
    noteAttention: 'Note what needs a person',
  },
);

/** The activities of these names, each with the sentence that the Temporal Web UI shows for it. */
function activities<Name extends keyof SagaActivities>(
  options: ActivityOptions,
  summaries: Record<Name, string>,
): Pick<ActivityInterfaceFor<SagaActivities>, Name> {
  const names = Object.keys(summaries) as Name[];
  const entries = names.map((name) => {
    const proxy = proxyActivities<SagaActivities>({ ...options, summary: summaries[name] });
    return [name, proxy[name]] as const;
  });
  return Object.fromEntries(entries) as Pick<ActivityInterfaceFor<SagaActivities>, Name>;
}
