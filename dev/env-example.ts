import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { settings } from '../platform/settings';
import { loadConsumers } from '../workers/consumer-registry';

/** `.env.example`: every setting with what it is for, its default, and whether it is needed. */
export function envExample(): string {
  const lines = [
    '# Generated from the configuration schema by `npm run env:example`. Copy it to .env and set what',
    '# you have: "Needed" is what a process refuses to start without. `npm start` needs none of it: it',
    '# brings up itself what is not set.',
    '# Temporal: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_*, … are read by',
    "# its SDK (@temporalio/envconfig); without them it is 127.0.0.1:7233, namespace 'default'.",
  ];
  for (const [name, schema] of Object.entries(allSettings())) {
    lines.push('', ...describe(name, schema));
  }
  return `${lines.join('\n')}\n`;
}

/** The product's settings, then those that each consumer declares itself. */
function allSettings(): Record<string, z.ZodType> {
  const ofConsumers = loadConsumers().map(({ settings: schema }) =>
    schema instanceof z.ZodObject ? (schema.shape as Record<string, z.ZodType>) : {},
  );
  return Object.assign({}, ...ofConsumers, settings) as Record<string, z.ZodType>;
}

function describe(name: string, schema: z.ZodType): string[] {
  const { example } = (schema.meta() ?? {}) as { example?: string };
  const fallback = schema.safeParse(undefined);
  const isNeeded = !fallback.success;
  const value = example ?? (isNeeded ? '' : defaultText(fallback.data));
  const remark = isNeeded ? ' Needed.' : '';
  return [`# ${schema.description ?? ''}${remark}`, `# ${name}=${value}`];
}

function defaultText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

if (require.main === module) {
  writeFileSync(path.join(__dirname, '..', '.env.example'), envExample());
}
