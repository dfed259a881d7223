import { ApplicationFailure } from '@temporalio/common';
import { Placement } from '../../workflows/placement';

type Handler = () => Promise<unknown>;
const registered: { handler?: Handler; validator?: () => void } = {};

jest.mock('@temporalio/workflow', () => {
  class FakeScope {
    static current = () => ({ consideredCancelled: false });
    static nonCancellable = <T>(fn: () => Promise<T>) => fn();
    cancelled = false;
    run = <T>(fn: () => Promise<T>) => fn();
    cancel = () => (this.cancelled = true);
  }
  return {
    ...jest.requireActual<object>('@temporalio/workflow'),
    CancellationScope: FakeScope,
    sleep: () => new Promise(() => undefined),
    condition: () => new Promise(() => undefined),
    setHandler: (_: unknown, handler: Handler, options: { validator: () => void }) =>
      Object.assign(registered, { handler, validator: options.validator }),
  };
});

/** Every moment at which a cancellation may come in the life of a placement with two steps. */
const MOMENTS = ['before', 'during the first', 'between', 'during the last', 'after'] as const;

async function placeAndCancelAt(moment: (typeof MOMENTS)[number]) {
  const placement = new Placement(1_000);
  let isAccepted: boolean | undefined;
  const cancelIf = (now: (typeof MOMENTS)[number]) => {
    if (now !== moment) return;
    try {
      registered.validator!();
      isAccepted = true;
      void registered.handler!();
    } catch (error) {
      expect(error).toMatchObject({ type: 'placement_over' });
      isAccepted = false;
    }
  };
  cancelIf('before');
  const isPivotReached = await placement
    .run(() => {
      cancelIf('during the first');
      cancelIf('between');
      cancelIf('during the last');
      return Promise.resolve();
    })
    .then(
      () => true,
      () => false,
    );
  cancelIf('after');
  return { isAccepted, isPivotReached, isCancelled: placement.isCancelled };
}

test.each(MOMENTS)(
  'cancelled %s: either the cancellation wins or the pivot, never both',
  async (moment) => {
    const { isAccepted, isPivotReached, isCancelled } = await placeAndCancelAt(moment);
    expect(isAccepted).toBe(moment !== 'after');
    expect(isPivotReached).toBe(!isAccepted);
    expect(isCancelled).toBe(isAccepted);
  },
);

test('who cancels a second time, when it is over already, is accepted and told how it ended', async () => {
  await placeAndCancelAt('during the first');
  expect(registered.validator).not.toThrow();
});

test('a refusal outranks the deadline that came during the same attempt', async () => {
  const placement = new Placement(1);
  const refusal = ApplicationFailure.nonRetryable('no', 'payment_declined');
  await expect(placement.run(() => Promise.reject(refusal))).rejects.toBe(refusal);
});
