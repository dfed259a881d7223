import type { Kysely } from 'kysely';
import { storableText } from '../../db/storable-text';
import type { Sealer } from '../../events/sealing';
import { recordAttempt, takeDue, type Attempt, type Sending } from './ledger';
import { send, type SendOptions } from './send';
import { signedHeaders } from './sign';
import type { WebhooksSchema } from './tables';

/** Deliveries under way at once in one process. */
const MAX_UNDER_WAY = 16;
const MAX_TEXT = 1_000;

/** Sends deliveries, so many at a time. */
export class Deliverer {
  readonly #underWay = new Set<Promise<void>>();

  constructor(
    private readonly sealer: Pick<Sealer, 'open'>,
    private readonly options: SendOptions,
  ) {}

  /** Begins what is due and has room; does not wait for slow endpoints. */
  async beginDue(db: Kysely<WebhooksSchema>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#underWay.size < MAX_UNDER_WAY) {
      const due = await takeDue(db, MAX_UNDER_WAY - this.#underWay.size);
      for (const sending of due) this.#begin(db, sending);
      if (due.length === 0) return;
    }
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  #begin(db: Kysely<WebhooksSchema>, sending: Sending): void {
    const delivering = this.#deliver(db, sending)
      // Told nobody: it is due again when its time in `sending` is up.
      .catch(() => undefined)
      .finally(() => this.#underWay.delete(delivering));
    this.#underWay.add(delivering);
  }

  async #deliver(db: Kysely<WebhooksSchema>, sending: Sending): Promise<void> {
    const startedAt = performance.now();
    const result = await this.#send(sending);
    await recordAttempt(db, sending, { ...result, durationMs: performance.now() - startedAt });
  }

  async #send({ url, eventId: id, body, secretsSealed }: Sending) {
    try {
      const secrets = await Promise.all(secretsSealed.map((sealed) => this.sealer.open(sealed)));
      const timestampSeconds = Math.floor(Date.now() / 1000);
      const headers = signedHeaders({ id, timestampSeconds, body }, secrets as string[]);
      const { status, answer } = await send(url, { headers, body }, this.options);
      return { status, error: null, answer: storableText(answer, MAX_TEXT) };
    } catch (error) {
      return { status: null, error: describe(error), answer: null };
    }
  }
}

function describe(error: unknown): NonNullable<Attempt['error']> {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return storableText(text, MAX_TEXT);
}
