import type { StepToTake } from '../activities/take-steps';
import type { PlacedOrder } from './messages';
import { performTogether } from './perform';
import type { ActivityName, InputOf, OrderStep, ResultOf } from './step';

/** The steps of an order that have been taken, with what they returned. */
export class StepsAhead {
  readonly #results = new Map<string, unknown>();

  constructor(private readonly order: PlacedOrder) {}

  /** Takes all steps at once, as far as they go. */
  async takeAll(steps: readonly OrderStep[]): Promise<void> {
    const summary = `At once: ${steps.map(({ name }) => name).join(', ')}`;
    const plan = steps.map((step) => this.#planOf(step, steps));
    const taken = await performTogether(summary, plan);
    taken?.results.forEach((result, i) => this.put(steps[i]!, result));
  }

  has({ name }: OrderStep): boolean {
    return this.#results.has(name);
  }

  put({ name }: OrderStep, result: unknown): void {
    this.#results.set(name, result);
  }

  /** Makes sure that the step has been taken: `take` is called where it has not. */
  async ensure<Name extends ActivityName>(
    step: OrderStep<Name>,
    take: (input: InputOf<Name>) => Promise<ResultOf<Name>>,
  ): Promise<void> {
    if (!this.has(step)) this.put(step, await take(this.inputOf(step)));
  }

  /** What the step is given. */
  inputOf<Name extends ActivityName>({ name, input }: OrderStep<Name>): InputOf<Name> {
    if (typeof input === 'function') return input(this.order);
    if (!this.#results.has(input.resultOf)) {
      throw new Error(`"${name}" needs the result of "${input.resultOf}", which is not there`);
    }
    return this.#results.get(input.resultOf) as InputOf<Name>;
  }

  #planOf({ activity, input }: OrderStep, steps: readonly OrderStep[]): StepToTake {
    if (typeof input === 'function') return { activity, input: input(this.order) };
    const { resultOf } = input;
    return { activity, resultOf: steps.findIndex(({ name }) => name === resultOf) };
  }
}
