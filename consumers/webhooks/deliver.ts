import type { Kysely } from 'kysely';
import { storableText } from '../../db/storable-text';
import { TargetRefused } from '../../domain/webhook-target';
import type { Sealer } from '../../events/sealing';
import { deferSending, recordAttempt, takeDue, type Attempt, type Sending } from './ledger';
import { send, type SendOptions } from './send';
import { signedHeaders } from './sign';
import type { WebhooksSchema } from './tables';

/** Deliveries under way at once in one process. */
const MAX_UNDER_WAY = 16;
/** Those of endpoints that are failing have no more of the places: they may all hang. */
const MAX_FAILING_UNDER_WAY = 6;
const MAX_TEXT = 1_000;

/** A process that stops waits so long for what is under way; the rest is sent again. */
const STOP_MS = 5_000;

/** Sends deliveries, so many at a time. */
export class Deliverer {
  readonly #underWay = new Map<Promise<void>, Sending>();

  constructor(
    private readonly sealer: Pick<Sealer, 'open'>,
    private readonly options: SendOptions,
  ) {}

  /** Begins what is due and has room, of healthy endpoints first; does not wait for slow ones. */
  async beginDue(db: Kysely<WebhooksSchema>, signal: AbortSignal): Promise<void> {
    for (const isFailing of [false, true]) {
      for (let room = this.#room(isFailing); room > 0; room = this.#room(isFailing)) {
        const due = signal.aborted ? [] : await takeDue(db, { limit: room, isFailing });
        for (const sending of due) this.#begin(db, sending);
        if (due.length === 0) break;
      }
    }
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await Promise.all(this.#underWay.keys());
  }

  /** As {@link idle}, for a process that stops. */
  async stop(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, STOP_MS)));
    await Promise.race([this.idle(), late]);
    clearTimeout(timer);
  }

  #room(isFailing: boolean): number {
    const all = MAX_UNDER_WAY - this.#underWay.size;
    if (!isFailing) return all;
    const failing = [...this.#underWay.values()].filter((one) => one.isFailing).length;
    return Math.min(all, MAX_FAILING_UNDER_WAY - failing);
  }

  #begin(db: Kysely<WebhooksSchema>, sending: Sending): void {
    const delivering = this.#deliver(db, sending)
      // Told nobody: it is due again when its time in `sending` is up.
      .catch(() => undefined)
      .finally(() => this.#underWay.delete(delivering));
    this.#underWay.set(delivering, sending);
  }

  async #deliver(db: Kysely<WebhooksSchema>, sending: Sending): Promise<void> {
    const secrets = await this.#open(sending);
    // Ours to mend, and no failure of the endpoint.
    if (!secrets) return deferSending(db, sending);
    const startedAt = performance.now();
    const result = await this.#send(sending, secrets);
    await recordAttempt(db, sending, { ...result, durationMs: performance.now() - startedAt });
  }

  /** Undefined when one was sealed with a key that is not held any more. */
  async #open({ secretsSealed }: Sending): Promise<string[] | undefined> {
    try {
      const opened = secretsSealed.map((sealed) => this.sealer.open(sealed));
      return (await Promise.all(opened)) as string[];
    } catch {
      return undefined;
    }
  }

  async #send({ url, eventId: id, body }: Sending, secrets: readonly string[]) {
    try {
      const timestampSeconds = Math.floor(Date.now() / 1000);
      const headers = signedHeaders({ id, timestampSeconds, body }, secrets);
      const { status, answer } = await send(url, { headers, body }, this.options);
      return { status, error: null, answer: storableText(answer, MAX_TEXT) };
    } catch (error) {
      return { status: null, error: reasonOf(error), answer: null };
    }
  }
}

/** What the endpoint's owner is told: nothing of what names mean in our network. */
function reasonOf(error: unknown): NonNullable<Attempt['error']> {
  if (error instanceof TargetRefused) return 'its address is not allowed';
  const { name, code = '' } = error as { name?: string; code?: string };
  if (name === 'TimeoutError' || name === 'AbortError') return 'no answer in time';
  if (/^(ENOTFOUND|ENODATA|ESERVFAIL|ETIMEOUT|EAI_)/.test(code)) return 'its name is not known';
  if (/CERT|TLS|SSL/.test(code)) return 'its certificate is not valid';
  return 'no connection, or no answer';
}
