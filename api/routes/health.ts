import { z } from 'zod';
import { operation, type Operation } from '../contract/operation';
import { Problem } from '../http/problem';

/** Returns the names of what is not ready. */
export type ReadinessProbe = () => Promise<string[]>;

const okSchema = z.strictObject({ status: z.literal('ok') });

/** `GET /livez` (the process answers) and `GET /readyz` (it can take orders). */
export function healthOperations(failing: ReadinessProbe): Operation[] {
  const common = { method: 'get', tag: 'service', scopes: 'public' } as const;
  const ok = { 200: { about: 'It does.', body: okSchema } };
  return [
    operation({
      ...common,
      id: 'getLiveness',
      path: '/livez',
      summary: 'Whether the process answers',
      answers: ok,
      handle: () => ({ status: 200, body: { status: 'ok' } }),
    }),
    operation({
      ...common,
      id: 'getReadiness',
      path: '/readyz',
      summary: 'Whether it can take orders',
      answers: ok,
      async handle() {
        const names = await failing();
        if (names.length === 0) return { status: 200, body: { status: 'ok' } };
        throw new Problem('unavailable', {
          detail: `not ready: ${names.join(', ')}`,
          headers: { 'Retry-After': '2' },
        });
      },
    }),
  ];
}
