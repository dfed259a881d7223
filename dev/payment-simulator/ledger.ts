import { JsonLines } from '../json-lines';
import type { Intent } from './intent';
import type { Refund } from './refunds';

/** What a key was used for, and what was answered. */
export interface KeptAnswer {
  readonly key: string;
  readonly request: string;
  readonly status: number;
  readonly body: unknown;
}

/** What one request changed: written at once, so that a kill leaves both or neither. */
interface LedgerRecord {
  readonly intent?: Intent | undefined;
  readonly refund?: Refund | undefined;
  readonly answer?: KeptAnswer | undefined;
}

/** What the provider knows, on disk: it forgets nothing when it is killed. */
export class Ledger {
  readonly #intents = new Map<string, Intent>();
  readonly #refunded = new Map<string, number>();
  readonly #answers = new Map<string, KeptAnswer>();
  readonly #lines: JsonLines<LedgerRecord>;

  constructor(file: string) {
    this.#lines = new JsonLines(file);
    for (const record of this.#lines.read()) this.#apply(record);
  }

  /** Every intent, in the order in which they were made. */
  intents(): Intent[] {
    return [...this.#intents.values()];
  }

  findIntent(id: string): Intent | undefined {
    return this.#intents.get(id);
  }

  /** How much of an intent was given back. */
  refunded(intentId: string): number {
    return this.#refunded.get(intentId) ?? 0;
  }

  findAnswer(key: string): KeptAnswer | undefined {
    return this.#answers.get(key);
  }

  record(record: LedgerRecord): void {
    this.#lines.append(record);
    this.#apply(record);
  }

  #apply(record: LedgerRecord): void {
    if (record.intent) this.#intents.set(record.intent.id, record.intent);
    if (record.refund) {
      const { payment_intent: id, amount } = record.refund;
      this.#refunded.set(id, this.refunded(id) + amount);
    }
    if (record.answer) this.#answers.set(record.answer.key, record.answer);
  }
}
