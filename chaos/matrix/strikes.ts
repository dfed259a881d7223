import { appendFileSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { REFUSALS, type Refusal } from '../../domain/refusals';
import type { ActivityName } from '../../workflows/step';
import type { Cell, Strike } from './cells';

type Activity = (input: never) => Promise<unknown>;

/** As each participant says no. */
const REFUSED_AS: Partial<Record<ActivityName, Refusal>> = {
  reserveStock: REFUSALS.outOfStock,
  authorizePayment: REFUSALS.paymentDeclined,
  confirmOrder: REFUSALS.holdReleased,
  publishEvent: REFUSALS.eventConflict,
  capturePayment: REFUSALS.paymentMismatch,
};

/** What is to go wrong, by order: written by the runner, read by the worker. */
export const PLAN_FILE = 'plan.json';
/** The plan as it is in {@link PLAN_FILE}. */
type Plan = Record<string, Cell>;

/** Called when a cell wants its order to be called off. */
export type Cancel = (orderId: string) => Promise<void>;

/** The activities, each of which does as the plan of its order says. */
export function struckActivities<Activities extends object>(
  activities: Activities,
  folder: string,
  cancel: Cancel,
): Activities {
  const strikes = new Strikes(folder);
  const entries = Object.entries(activities as Record<string, Activity>).map(([name, activity]) => [
    name,
    (input: never) => strikes.run(name as ActivityName, activity, input, cancel),
  ]);
  return Object.fromEntries(entries) as Activities;
}

class Strikes {
  #plan: Plan | undefined;

  constructor(private readonly folder: string) {}

  async run(
    name: ActivityName,
    activity: Activity,
    input: never,
    cancel: Cancel,
  ): Promise<unknown> {
    const { orderId, event } = subjectOf(input);
    const strike = this.#strikeOf(orderId, name, event);
    if (!strike) return activity(input);
    switch (strike.fault) {
      case 'refused':
        throw ApplicationFailure.nonRetryable('as planned', REFUSED_AS[name] ?? 'order_ended');
      case 'fails before its effect':
        throw new Error('failed before its effect, as planned');
      case 'fails after its effect':
        await activity(input);
        throw new Error('failed after its effect, as planned');
      case 'outcome unknown':
        await activity(input);
        return never();
      case 'times out':
        return never();
      case 'cancel arrives':
        await cancel(orderId);
        return activity(input);
      case 'worker killed before':
        return dieSoon();
      case 'worker killed after':
        await activity(input);
        return dieSoon();
    }
  }

  /** The strike of this call, which is counted. */
  #strikeOf(orderId: string, name: ActivityName, event: string | undefined): Strike | undefined {
    this.#plan ??= JSON.parse(readFileSync(path.join(this.folder, PLAN_FILE), 'utf8')) as Plan;
    const strike = this.#plan[orderId]?.strikes.find(
      (candidate) => candidate.activity === name && (!candidate.event || candidate.event === event),
    );
    if (!strike) return undefined;
    return this.#countCall(`${orderId}-${name}-${event}`) <= strike.calls ? strike : undefined;
  }

  /** Counted on disk: a kill ends this process, and what was refused before it stays refused once. */
  #countCall(call: string): number {
    const file = path.join(this.folder, `calls-${call}`);
    appendFileSync(file, '.');
    return statSync(file).size;
  }
}

function subjectOf(input: { orderId?: string; eventId?: string }) {
  const [orderId, event] = input.eventId?.split('/') ?? [];
  return { orderId: input.orderId ?? orderId ?? '', event };
}

/** Those whose turn comes at the same moment die together: a worker's start takes seconds. */
const GATHER_MS = 400;

function dieSoon(): Promise<never> {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), GATHER_MS);
  return never();
}

/** Until the attempt is given up. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}
