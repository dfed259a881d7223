import { noteAttention } from '../../workflows/attention-steps';
import * as cancelSteps from '../../workflows/cancel-steps';
import type { ActivityName, OrderStep, Step } from '../../workflows/step';
import { ORDER_STEPS } from '../../workflows/steps';

/** What happens in a step. */
type Fault =
  | 'refused'
  | 'fails before its effect'
  | 'fails after its effect'
  | 'outcome unknown'
  | 'times out'
  | 'cancel arrives'
  | 'worker killed before'
  | 'worker killed after';

/** Strikes an activity of one order, for its first `calls` calls. */
export interface Strike {
  readonly activity: ActivityName;
  /** Only for the event of this name, where an activity publishes several. */
  readonly event?: string | undefined;
  readonly fault: Fault;
  readonly calls: number;
}

/** One order, what goes wrong with it, and how it has to end. */
export interface Cell {
  readonly name: string;
  readonly strikes: readonly Strike[];
  readonly ends: 'confirmed' | 'rejected' | 'failed' | 'cancelled';
  /** It is called off once it is confirmed. */
  readonly isCancelledAfterwards?: boolean;
}

const LASTING = Number.MAX_SAFE_INTEGER;

/** Faults that pass: all steps at once are struck, then the step alone, then it works. */
const PASSING = 2;

const FAILURES: readonly Fault[] = [
  ...(['fails before its effect', 'fails after its effect'] as const),
  ...(['outcome unknown', 'times out'] as const),
];
const KILLS: readonly Fault[] = ['worker killed before', 'worker killed after'];

/** How a step says no for good; a step that is not here is refused as a person would have to see. */
const ENDINGS: Partial<Record<ActivityName, Cell['ends']>> = {
  reserveStock: 'rejected',
  authorizePayment: 'rejected',
  confirmOrder: 'failed',
};

const PIVOT = ORDER_STEPS.findIndex(({ kind }) => kind === 'pivot');

/** Every cell, made from the saga's own steps: a step more is cells more. */
export function allCells(): Cell[] {
  return [...ORDER_STEPS.flatMap(cellsOfStep), ...cancelCells()];
}

/** Cells in which the worker dies; they run by themselves, for it takes the others with it. */
export function isKillCell({ strikes }: Cell): boolean {
  return strikes.some(({ fault }) => KILLS.includes(fault));
}

function cellsOfStep(step: OrderStep, index: number): Cell[] {
  const passing = [...FAILURES, ...KILLS].map((fault): Cell => {
    const calls = KILLS.includes(fault) ? 1 : PASSING;
    return {
      name: nameOf(step, fault, 'then works'),
      strikes: [on(step, fault, calls)],
      ends: 'confirmed',
    };
  });
  if (index > PIVOT) return [...passing, ...afterPivot(step)];
  const lasting = index < PIVOT ? FAILURES : [];
  return [
    ...passing,
    ...withUndos(step, index, 'refused', ENDINGS[step.activity] ?? 'failed'),
    ...withUndos(step, index, 'cancel arrives', 'cancelled'),
    ...lasting.flatMap((fault) => withUndos(step, index, fault, 'failed')),
  ];
}

/** The same failure with each undo that it leads to working, failing twice, and unable to succeed. */
function withUndos(step: OrderStep, index: number, fault: Fault, ends: Cell['ends']): Cell[] {
  const strike = on(step, fault, fault === 'cancel arrives' ? 1 : LASTING);
  const undos = ORDER_STEPS.slice(0, index + 1).flatMap(({ undo }) => (undo ? [undo] : []));
  const cell = (detail: string, ...more: Strike[]): Cell => {
    return { name: nameOf(step, fault, detail), strikes: [strike, ...more], ends };
  };
  return [
    cell('undos work'),
    ...undos.flatMap((undo) => [
      cell(`${undo.name} fails twice`, on(undo, 'fails before its effect', 2)),
      cell(`${undo.name} fails twice after its effect`, on(undo, 'fails after its effect', 2)),
      cell(`${undo.name} needs a person`, on(undo, 'refused', 1)),
    ]),
    ...(fault === 'refused'
      ? undos.flatMap((undo) => [
          ...KILLS.map((kill) => cell(`${undo.name}: ${kill}`, on(undo, kill, 1))),
          // Works when it is tried again: what was noted must have been recorded before.
          cell(
            `${undo.name} needs a person: worker killed after it is noted`,
            ...[on(undo, 'refused', 1), on(noteAttention, 'worker killed after', 1)],
          ),
        ])
      : []),
  ];
}

function afterPivot(step: OrderStep): Cell[] {
  return [
    {
      name: nameOf(step, 'refused', 'a person decides'),
      strikes: [on(step, 'refused', PASSING)],
      ends: 'confirmed',
    },
    {
      name: nameOf(step, 'cancel arrives', 'called off afterwards'),
      strikes: [on(step, 'cancel arrives', 1)],
      ends: 'cancelled',
    },
  ];
}

/** The saga that calls a confirmed order off, step by step. */
function cancelCells(): Cell[] {
  return Object.values(cancelSteps).flatMap((step: Step) => {
    const faults: Fault[] = ['fails before its effect', 'fails after its effect', ...KILLS];
    // A shipment that cannot be stopped refuses the cancellation; every other refusal is a person's.
    if (step.activity !== 'stopShipment') faults.push('refused');
    const event = step.activity === 'publishEvent' ? 'OrderCancelled' : undefined;
    return faults.map((fault): Cell => {
      const calls = KILLS.includes(fault) || fault === 'refused' ? 1 : PASSING;
      return {
        name: nameOf(step, fault, 'of a cancellation'),
        strikes: [{ ...on(step, fault, calls), event }],
        ends: 'cancelled',
        isCancelledAfterwards: true,
      };
    });
  });
}

function on({ activity }: Step, fault: Fault, calls: number): Strike {
  const event = activity === 'publishEvent' ? 'OrderCreated' : undefined;
  return { activity, event, fault, calls };
}

function nameOf({ name }: Step, fault: Fault, detail: string): string {
  return `${name} · ${fault} · ${detail}`;
}
