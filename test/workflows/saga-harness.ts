import { ActivityFailure, ApplicationFailure, CancelledFailure } from '@temporalio/common';

/** What a step of the saga does in a test: nothing by default, or fail. */
export type Script = Partial<Record<string, Error>>;

/** The calls of a saga in their order, and how each step behaves. */
export const stage: {
  calls: string[];
  script: Script;
  /** How far the quick row of all steps comes; undefined when nobody knows. */
  takenAtOnce: number | undefined;
  isConfirmedAfterAll: boolean;
  /** What was called where a cancellation could reach it. */
  unshielded: string[];
  /** What began only once everything before it was in the history. */
  onRecord: string[];
} = {
  ...{ calls: [], script: {}, takenAtOnce: 0, isConfirmedAfterAll: false },
  ...{ unshielded: [], onRecord: [] },
};

let shields = 0;

const RESULTS: Record<string, unknown> = {
  confirmOrder: { eventId: 'created' },
};

/** Stands in for `workflows/perform`: every step writes itself down, then does as it is told. */
export function fakePerform(): Record<string, unknown> {
  const performStep = async (
    step: { name: string; activity: string },
    input: { status?: string; code?: string; what?: string },
  ) => {
    const { status, code, what } = input;
    const isTold = step.activity !== 'abandonPlacement';
    const detail = isTold ? [status, code, what].filter(Boolean) : [];
    stage.calls.push([step.name, ...detail].join(' '));
    if (shields === 0) stage.unshielded.push(step.name);
    const failure = stage.script[step.name];
    if (failure) throw failure;
    if (step.activity === 'closeOrder') return { ...input, eventId: 'closed' };
    if (step.activity === 'abandonPlacement') {
      const { status, code } = input;
      if (stage.isConfirmedAfterAll) return { confirmed: { eventId: 'created' } };
      return { confirmed: null, ending: { status, code } };
    }
    return Promise.resolve(RESULTS[step.activity]);
  };
  return {
    perform: performStep,
    performOnRecord: (...[step, input]: Parameters<typeof performStep>) => {
      stage.onRecord.push(step.name);
      return performStep(step, input);
    },
    performTogether: (summary: string, steps: { activity: string }[]) => {
      if (stage.script['at once']) throw stage.script['at once'];
      if (stage.takenAtOnce === undefined) return undefined;
      const taken = steps.slice(0, stage.takenAtOnce);
      const results = taken.map(({ activity }) => RESULTS[activity] ?? null);
      return { results, tookMs: results.map(() => 0) };
    },
  };
}

/** Stands in for the parts of the workflow API that need a running workflow. */
export function fakeWorkflowApi(): Record<string, unknown> {
  class FakeScope {
    static current = () => ({ consideredCancelled: false });
    static nonCancellable = async <T>(fn: () => Promise<T>) => {
      shields += 1;
      try {
        return await fn();
      } finally {
        shields -= 1;
      }
    };
    run = <T>(fn: () => Promise<T>) => fn();
    cancel = () => undefined;
  }
  return {
    ...jest.requireActual<object>('@temporalio/workflow'),
    // Every order is younger than every patch here.
    patched: () => true,
    deprecatePatch: () => undefined,
    CancellationScope: FakeScope,
    sleep: () => new Promise(() => undefined),
    condition: () => Promise.resolve(),
    allHandlersFinished: () => true,
    setHandler: () => undefined,
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
