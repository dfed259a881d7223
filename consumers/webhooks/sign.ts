import { createHmac } from 'node:crypto';

/** A message as it is signed. */
export interface Message {
  readonly id: string;
  readonly timestampSeconds: number;
  readonly body: string;
}

const SECRET_PREFIX = 'whsec_';

/**
 * The headers of Standard Webhooks (standardwebhooks.com, "Webhook metadata" and "Signature
 * scheme"): one signature for each secret that is live, so that either verifies.
 */
export function signedHeaders(
  { id, timestampSeconds, body }: Message,
  secrets: readonly string[],
): Record<string, string> {
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
    const signed = `${id}.${timestampSeconds}.${body}`;
    return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signatures.join(' '),
  };
}
