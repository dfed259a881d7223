import type { DesignName } from '../design';
import type { Outcome } from '../run';

/** The outcomes of one scenario, by design. */
export type ByDesign = Readonly<Record<DesignName, Outcome>>;

/** Something that theory says, and whether a run agrees. */
export interface Claim {
  readonly says: string;
  readonly holds: (run: ByDesign) => boolean;
  /** Why it may not hold, or what it costs that it does. */
  readonly because: string;
}

/** A tenth more or less is noise on a machine that does other things too. */
const NOISE = 1.1;

const all = (run: ByDesign) => Object.values(run);

const nothingWrong: Claim = {
  says: 'In none of the designs is an order lost, left without an end, or charged wrongly, and no stock leaks.',
  holds: (run) =>
    all(run).every(
      ({ lost, stuck, chargedWrongly, stockLeaked }) =>
        lost + stuck + chargedWrongly + Math.abs(stockLeaked) === 0,
    ),
  because:
    'All three do what each needs for that: idempotent participants, undos that leave a tombstone, and somebody who looks for what was left. In request-response that is a sweep, in the choreography an expiry: both are the beginning of an orchestrator, written by hand.',
};

/** Said once why. */
const stillNothingWrong: Claim = { ...nothingWrong, because: '' };

/** What theory says of each scenario, by its name. */
export const CLAIMS: Readonly<Record<string, readonly Claim[]>> = {
  none: [
    nothingWrong,
    {
      says: 'Request-response has its outcome no later than the others: there is nothing in between.',
      holds: (run) =>
        all(run).every((one) => run['request-response'].outcomeMs.p50 <= one.outcomeMs.p50 * NOISE),
      because:
        'A call costs less than an event in a stream, and than a task of a workflow. Most of the time here is the payment provider, which all have to wait for.',
    },
    {
      says: 'Who waits for the answer waits longest with request-response: the others answer when the order is saved.',
      holds: (run) =>
        all(run).every((one) => one.answerMs.p50 <= run['request-response'].answerMs.p50),
      because:
        'Accepted is not confirmed: with the others the customer has to be told later, or ask (the product does both).',
    },
  ],
  'notification-down': [
    stillNothingWrong,
    {
      says: 'Request-response loses the mails of that time; the others send each of them later, once.',
      holds: (run) =>
        run['request-response'].mailsMissing > 0 &&
        run.choreographed.mailsMissing + run.orchestrated.mailsMissing === 0,
      because:
        'A call needs both sides at the same time. The capture of the money is gone after by a sweep, because money must be right; the mail could be, by one more column, and would then be a message that waits in a table: an outbox, by hand.',
    },
    {
      says: 'Its customers wait for a service that is not there; those of the others notice nothing.',
      holds: (run) =>
        run['request-response'].answerMs.p50 > 4 * run.orchestrated.answerMs.p50 &&
        run['request-response'].answerMs.p50 > 4 * run.choreographed.answerMs.p50,
      because: 'It tries three times before it gives the mail up.',
    },
  ],
  'inventory-slow': [
    stillNothingWrong,
    {
      says: 'What is slow for the inventory is slow for the customer of request-response, and only for that one.',
      holds: (run) =>
        run['request-response'].answerMs.p99 > 400 &&
        run.choreographed.answerMs.p99 < 400 &&
        run.orchestrated.answerMs.p99 < 400,
      because:
        'The outcome comes later in all three: nobody can confirm what is not reserved. It comes latest in the product, which has locked the stock when it writes the hold, so that orders for the same product wait for each other.',
    },
  ],
  'payment-reply-lost': [
    stillNothingWrong,
    {
      says: 'Nobody is charged twice, however the reply was lost.',
      holds: (run) => all(run).every(({ chargedWrongly }) => chargedWrongly === 0),
      because:
        'That has nothing to do with the design: every retry carries the same idempotency key, and each design retries.',
    },
  ],
  'worker-killed': [
    stillNothingWrong,
    {
      says: 'Only request-response turns customers away: the process that is in the middle of an order is also the one that answers, and what it knew of the order dies with it.',
      holds: (run) =>
        run['request-response'].turnedAway > 0 &&
        run.choreographed.turnedAway + run.orchestrated.turnedAway === 0,
      because:
        'A patient customer asks again with the same key and the order goes on; for the others a sweep has to undo it, after the deadline.',
    },
    {
      says: "The choreography and the saga go on by themselves where they were, the saga later: a task of a dead worker is given to another after ten seconds (Temporal's workflow task timeout).",
      holds: (run) =>
        run.choreographed.failed + run.orchestrated.failed === 0 &&
        run.choreographed.recoveryMs !== null &&
        run.orchestrated.recoveryMs !== null &&
        run.choreographed.recoveryMs < run.orchestrated.recoveryMs,
      because:
        'One has its events still unacknowledged in the stream, the other its history in Temporal.',
    },
  ],
  poison: [
    stillNothingWrong,
    {
      says: 'It stops nobody.',
      holds: (run) => all(run).every(({ turnedAway, failed }) => turnedAway + failed === 0),
      because:
        'Request-response is better off: the sender is told at once (400). With events the sender has gone; the reader sets it aside as a dead letter, and a person must look.',
    },
  ],
  burst: [
    stillNothingWrong,
    {
      says: 'Those that answer before they work answer quickly; the work waits in a queue that they work off.',
      holds: (run) =>
        run.choreographed.answerMs.p99 < run['request-response'].answerMs.p99 &&
        run.orchestrated.answerMs.p99 < run['request-response'].answerMs.p99,
      because:
        'On one small machine the queue competes with those who answer, so that the gap is smaller than on machines of their own.',
    },
    {
      says: 'Request-response is through with it first.',
      holds: (run) =>
        all(run).every((one) => run['request-response'].outcomeMs.p99 <= one.outcomeMs.p99 * NOISE),
      because:
        'It costs the least CPU an order (above): there is no stream and no history, and two cores are what is short here.',
    },
  ],
  'consumer-added': [
    stillNothingWrong,
    {
      says: 'With events nobody else is touched, and the new part knows what happened before it came.',
      holds: (run) =>
        [run.choreographed, run.orchestrated].every(
          ({ coverage, turnedAway }) => turnedAway === 0 && isFull(coverage?.before),
        ) && !isFull(run['request-response'].coverage?.before),
      because:
        'The stream (and in the product the journal) still has it. Who is called knows only what comes after; the rest is a script that somebody writes.',
    },
  ],
  'step-added': [
    stillNothingWrong,
    {
      says: 'Every order that begins after the change takes the new step.',
      holds: (run) => all(run).every(({ coverage }) => isFull(coverage?.after)),
      because: 'No order is half-way when the new code comes: see `since` in workflows/step.ts.',
    },
    {
      says: 'In the choreography the new step is also taken for orders that ended long ago; in the others it is not.',
      holds: (run) =>
        isFull(run.choreographed.coverage?.before) &&
        !isFull(run.orchestrated.coverage?.before) &&
        !isFull(run['request-response'].coverage?.before),
      because:
        'It reads the stream from its beginning. That is right for a reaction and wrong for a step, and one must think of it.',
    },
    {
      says: 'No customer of the saga is turned away while it changes: the process that answers is another one.',
      holds: (run) => run.orchestrated.turnedAway === 0,
      because:
        'In the others the service that takes orders is the one that changes; it needs two processes and a balancer to be changed unseen.',
    },
  ],
};

function isFull(share: string | undefined): boolean {
  const [done, total] = (share ?? '0 of 1').split(' of ').map(Number);
  return done === total;
}
