import {
  ApplicationFailure,
  CancellationScope,
  condition,
  currentUpdateInfo,
  defineQuery,
  defineUpdate,
  patched,
  setHandler,
  TemporalFailure,
} from '@temporalio/workflow';
import { REFUSALS } from '../domain/refusals';
import { noteAttention, recordDecision, settleAttention } from './attention-steps';
import { DECIDE, OPEN_STEPS, type OperatorDecision } from './messages';
import { perform, performOnRecord } from './perform';
import type { ActivityName, InputOf, ResultOf, Step } from './step';

const decide = defineUpdate<void, [OperatorDecision]>(DECIDE);
const openSteps = defineQuery<string[]>(OPEN_STEPS);

/** The id of the patch: sagas of before tell what they have not recorded. */
const TOLD_ON_RECORD = 'attention-on-record';

/** What follows a step that succeeded, with what it returned. */
type Continuation<Result> = (result: Result) => Promise<void> | void;

/** A step that a person may decide about: it is being tried again, or was refused and waits. */
interface OpenStep {
  readonly scope: CancellationScope;
  /** Somebody has decided, and it is being written down: nobody else may. */
  isDeciding?: boolean;
  decision?: OperatorDecision;
}

/**
 * The steps that have no way back. Each is tried until it works. One that cannot succeed is noted
 * on the order, does not stop the others, and waits for a person, who may decide about any step
 * that is under way, too: retry now, done by hand, give up.
 */
export class Attention {
  readonly #open = new Map<string, OpenStep>();
  readonly #refused: { name: string; again: () => Promise<void> }[] = [];
  readonly #givenUp: string[] = [];
  readonly #decisions = new Map<string, number>();

  constructor(private readonly orderId: string) {
    setHandler(openSteps, () => [...this.#open.keys()]);
    setHandler(decide, (decision) => this.#decide(decision), {
      validator: ({ step }: OperatorDecision) => this.#checkOpen(step),
    });
  }

  /** The names of what waits for a person now. */
  get waiting(): string[] {
    return this.#refused.map(({ name }) => name);
  }

  /** The names of what a person gave up. */
  get givenUp(): string[] {
    return [...this.#givenUp];
  }

  /** Takes the step, and then what follows it; returns when it is done, decided, or refused. */
  async insist<Name extends ActivityName>(
    step: Step<Name>,
    input: InputOf<Name>,
    then?: Continuation<ResultOf<Name>>,
  ): Promise<void> {
    const { name } = step;
    try {
      const result = await this.#untilDecided(step, input);
      if (result) await then?.(result.value);
    } catch (failure) {
      if (!(failure instanceof TemporalFailure)) throw failure;
      this.#refused.push({ name, again: () => this.insist(step, input, then) });
      await this.#note(name);
    }
  }

  /** Asks a person for something that no step does. */
  async raise(what: string): Promise<void> {
    this.#refused.push({ name: what, again: () => Promise.resolve() });
    await this.#note(what);
  }

  /** Waits until a person has decided about everything that was refused. */
  async settle(): Promise<void> {
    for (let next = this.#refused[0]; next; next = this.#refused[0]) {
      const { name, again } = next;
      const open: OpenStep = { scope: new CancellationScope() };
      this.#open.set(name, open);
      await condition(() => open.decision !== undefined);
      const decision = open.decision!;
      this.#open.delete(name);
      this.#refused.shift();
      await this.#tell(settleAttention, { orderId: this.orderId, what: name });
      if (decision.verb === 'retry') await again();
      else this.#accept(decision);
    }
  }

  async #note(what: string): Promise<void> {
    const decisions = this.#decisions.get(what) ?? 0;
    await this.#tell(noteAttention, { orderId: this.orderId, what, decisions });
  }

  /** The step's result, or undefined when a person decided that it is not to be tried any more. */
  async #untilDecided<Name extends ActivityName>(
    step: Step<Name>,
    input: InputOf<Name>,
  ): Promise<{ value: ResultOf<Name> } | undefined> {
    for (;;) {
      const open: OpenStep = { scope: new CancellationScope() };
      // Only what has become a regular activity takes long enough for a person to decide about.
      const onSlow = () => this.#open.set(step.name, open);
      try {
        return { value: await open.scope.run(() => perform(step, input, onSlow)) };
      } catch (failure) {
        if (!(failure instanceof TemporalFailure)) throw failure;
        // It failed while somebody decided about it: what they were told is carried out.
        if (open.isDeciding && patched(TOLD_ON_RECORD)) await condition(() => !open.isDeciding);
        if (!open.decision) throw failure;
        if (open.decision.verb !== 'retry') {
          this.#accept(open.decision);
          return undefined;
        }
      } finally {
        this.#open.delete(step.name);
      }
    }
  }

  #accept({ verb, step }: OperatorDecision): void {
    if (verb === 'give-up') this.#givenUp.push(step);
  }

  /** Written down before it is carried out, so that nothing is decided by nobody. */
  async #decide(decision: OperatorDecision): Promise<void> {
    const decisionId = currentUpdateInfo()!.id;
    const open = this.#open.get(decision.step);
    // Before it is in the journal: what is noted meanwhile is noted after it.
    this.#decisions.set(decision.step, (this.#decisions.get(decision.step) ?? 0) + 1);
    if (open) open.isDeciding = true;
    try {
      // A handler runs in the scope of the whole saga, which somebody may have cancelled.
      await CancellationScope.nonCancellable(() =>
        this.#tell(recordDecision, { orderId: this.orderId, decisionId, ...decision }),
      );
      if (open) open.decision = decision;
    } finally {
      if (open) open.isDeciding = false;
    }
    open?.scope.cancel();
  }

  /** What people see agrees with the saga's history, whenever a worker is lost. */
  async #tell<Name extends ActivityName>(step: Step<Name>, input: InputOf<Name>): Promise<void> {
    await (patched(TOLD_ON_RECORD) ? performOnRecord(step, input) : perform(step, input));
  }

  #checkOpen(step: string): void {
    const open = this.#open.get(step);
    if (open && !open.isDeciding && !open.decision) return;
    const names = [...this.#open.keys()].join(', ') || 'none';
    const why = open
      ? `somebody has decided about "${step}" already`
      : `no step "${step}" waits for a decision (open: ${names})`;
    throw ApplicationFailure.nonRetryable(why, REFUSALS.stepNotOpen);
  }
}
