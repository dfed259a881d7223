import { ApplicationFailure, ActivityFailure, CancelledFailure } from '@temporalio/common';

/** What a step of the saga does in a test: nothing by default, or fail. */
export type Script = Partial<Record<string, Error>>;

/** The calls of a saga in their order, and how each step behaves. */
export const stage: { calls: string[]; script: Script } = { calls: [], script: {} };

/** Stands in for `workflows/steps`: every step writes itself down, then does as the script says. */
export function fakeSteps(): Record<string, unknown> {
  const step = (name: string, result?: unknown) => async (input: { orderId?: string }) => {
    stage.calls.push(name);
    void input;
    const failure = stage.script[name];
    if (failure) throw failure;
    return Promise.resolve(result);
  };
  return {
    reserveStock: step('reserveStock'),
    authorizePayment: step('authorizePayment'),
    confirmOrder: step('confirmOrder', { eventId: 'created' }),
    capturePayment: step('capturePayment', { eventId: 'captured' }),
    releaseStock: step('releaseStock'),
    voidAuthorization: step('voidAuthorization'),
    closeOrder: async ({ status, code }: { status: string; code: string }) => {
      await step(`closeOrder ${status} ${code}`)({});
      return { eventId: 'closed' };
    },
    noteAttention: ({ what }: { what: string }) => step(`noteAttention ${what}`)({}),
    publish: (name: string) => step(`publish ${name}`)({}),
  };
}

/** Stands in for the parts of the workflow API that need a running workflow. */
export function fakeWorkflowApi(): Record<string, unknown> {
  class FakeScope {
    static current = () => ({ consideredCancelled: false });
    static nonCancellable = <T>(fn: () => Promise<T>) => fn();
    run = <T>(fn: () => Promise<T>) => fn();
    cancel = () => undefined;
  }
  return {
    ...jest.requireActual<object>('@temporalio/workflow'),
    CancellationScope: FakeScope,
    sleep: () => new Promise(() => undefined),
    setCurrentDetails: () => undefined,
    createEventGroup: () => ({ withScope: <T>(fn: () => Promise<T>) => fn() }),
  };
}

/** An activity that refused. */
export function refused(type: string): Error {
  return activityFailure(ApplicationFailure.nonRetryable('no', type));
}

/** An activity that nobody heard of until its time was up. */
export function timedOut(): Error {
  return activityFailure(undefined);
}

/** An activity that was cancelled. */
export function cancelled(): Error {
  return activityFailure(new CancelledFailure('cancelled'));
}

function activityFailure(cause: Error | undefined): Error {
  return new ActivityFailure('failed', 'step', '1', 'TIMEOUT', 'worker', cause);
}
