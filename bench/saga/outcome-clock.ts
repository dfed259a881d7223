import { listen } from '../../db/listen';
import { OUTCOME_CHANNEL } from '../../db/order-endings';

/** Notes when each order's placement was over, as PostgreSQL tells it when it commits. */
export class OutcomeClock {
  readonly #over = new Map<string, number>();
  readonly #waiting = new Map<string, (at: number) => void>();
  readonly #listening: { close(): Promise<void> };

  private constructor(databaseUrl: string, onListening: () => void) {
    const options = { url: databaseUrl, applicationName: 'bench', onError: () => undefined };
    this.#listening = listen(options, OUTCOME_CHANNEL, {
      onNotification: (orderId) => this.#note(orderId),
      onListening,
    });
  }

  /** A clock that hears everything from now on. */
  static async open(databaseUrl: string): Promise<OutcomeClock> {
    let onListening: () => void = () => undefined;
    const listening = new Promise<void>((resolve) => (onListening = resolve));
    const clock = new OutcomeClock(databaseUrl, () => onListening());
    await listening;
    return clock;
  }

  /** `performance.now()` of the moment at which the placement of this order was over. */
  async whenOver(orderId: string, timeoutMs: number): Promise<number> {
    const known = this.#over.get(orderId);
    if (known !== undefined) return known;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${orderId} did not end`)), timeoutMs);
      this.#waiting.set(orderId, (at) => {
        clearTimeout(timer);
        resolve(at);
      });
    });
  }

  close(): Promise<void> {
    return this.#listening.close();
  }

  #note(orderId: string): void {
    const at = performance.now();
    this.#over.set(orderId, at);
    this.#waiting.get(orderId)?.(at);
    this.#waiting.delete(orderId);
  }
}
