/** A payment intent as the provider knows it. */
export interface KnownIntent {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
  readonly amount_received: number;
  readonly amount_refunded: number;
  readonly metadata: { readonly orderId: string };
}

/** Everything that the simulator at `baseUrl` knows. */
export async function fetchIntents(baseUrl: string): Promise<KnownIntent[]> {
  const response = await fetch(`${baseUrl}/simulator/intents`);
  return (await response.json()) as KnownIntent[];
}

/** What goes wrong at the simulator from now on (faults.ts). Throws when the plan is refused. */
export async function planFaults(
  baseUrl: string,
  plan: { readonly seed: number; readonly rules: readonly object[] },
): Promise<void> {
  const response = await fetch(`${baseUrl}/simulator/faults`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(plan),
  });
  if (!response.ok) throw new Error(`the simulator refuses the faults: ${await response.text()}`);
}

/** How long the simulator takes for each answer from now on; what it does is done before. */
export async function delayAnswers(baseUrl: string, answerDelayMs: number): Promise<void> {
  await fetch(`${baseUrl}/simulator/delay`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ answerDelayMs }),
  });
}
