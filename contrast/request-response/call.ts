import { setTimeout as sleep } from 'node:timers/promises';
import { ownSetting } from '../http-service';

/** A service that has not answered by then is taken for down. */
const ANSWER_TIMEOUT_MS = 2_000;

/** The caller's caller waits: a second and a third try, and no more. */
const RETRY_DELAYS_MS = [100, 400];

/** The services that the orders' service calls. */
export type Callee = 'inventory' | 'payment' | 'notification';

/**
 * Asks another service, and asks again when there was no answer or a 5xx: every call may be
 * repeated, because each service does a thing once for each order. Throws when it stays so.
 */
export async function call<Answer>(callee: Callee, path: string, body: object): Promise<Answer> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await askOnce<Answer>(callee, path, body);
    } catch (error) {
      const delayMs = RETRY_DELAYS_MS[tries];
      if (delayMs === undefined) throw error;
      await sleep(delayMs);
    }
  }
}

async function askOnce<Answer>(callee: Callee, path: string, body: object): Promise<Answer> {
  const response = await fetch(`${ownSetting(`${callee.toUpperCase()}_URL`)}/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`${callee} answers ${path} with ${response.status}`);
  return (await response.json()) as Answer;
}
