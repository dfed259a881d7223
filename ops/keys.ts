import type { components } from '../api/client/schema';
import { SCOPES, type Scope } from '../api/callers/scopes';
import { answered, type ApiTools } from './api-tools';
import { BadCall, type Answer, type Call, type Command } from './command';
import { numberOption, textOption, timeOption } from './read-option';
import { table } from './table';

type ApiKey = components['schemas']['ApiKey'];

const MAX_LISTED = 100;

/** `npm run ops -- keys …` */
export const KEY_COMMANDS: Readonly<Record<string, Command<ApiTools>>> = {
  create: {
    words: ['NAME'],
    about: 'makes an API key and shows it, this once; two live keys may have one name',
    options: {
      scopes: { value: 'A,B', about: `${SCOPES.join(', ')}; needed` },
      tenant: { value: 'TENANT', about: 'whose orders (your own)' },
      customer: { value: 'ID', about: "bound to one customer's orders" },
      expires: { value: 'TIME', about: 'works until then (for ever)' },
    },
    run: create,
  },
  list: {
    words: [],
    about: 'API keys, the latest first',
    options: {
      tenant: { value: 'TENANT', about: 'only those of this tenant' },
      after: { value: 'KEY_ID', about: 'the next page: those made before this one' },
      limit: { value: 'N', about: `how many (${MAX_LISTED})` },
    },
    run: list,
  },
  revoke: {
    words: ['KEY_ID'],
    about: 'ends an API key, within two seconds everywhere',
    question: (_, { words: [id] }) => `Revoke ${id}?`,
    run: revoke,
  },
};

async function create({ client }: ApiTools, call: Call): Promise<Answer> {
  const tenant = textOption(call, 'tenant');
  const customerId = textOption(call, 'customer');
  const expiresAt = timeOption(call, 'expires')?.toISOString();
  const { data } = await answered(
    client.POST('/v1/api-keys', {
      body: {
        ...{ name: call.words[0]!, scopes: scopesOf(call) },
        ...(tenant === undefined ? {} : { tenant }),
        ...(customerId === undefined ? {} : { customerId }),
        ...(expiresAt === undefined ? {} : { expiresAt }),
      },
    }),
  );
  const lines = [`${data.key}`, `${data.id} of ${data.tenant}; it is not shown again`];
  return { data, lines };
}

function scopesOf(call: Call): Scope[] {
  const words = (textOption(call, 'scopes') ?? '').split(',').filter((word) => word !== '');
  const unknown = words.find((word) => !(SCOPES as readonly string[]).includes(word));
  if (words.length > 0 && unknown === undefined) return words as Scope[];
  const problem = unknown === undefined ? 'is needed' : `knows no "${unknown}"`;
  throw new BadCall(`--scopes ${problem}; there are ${SCOPES.join(', ')}`);
}

async function list({ client }: ApiTools, call: Call): Promise<Answer> {
  const query = {
    limit: numberOption(call, 'limit', { min: 1, max: MAX_LISTED }) ?? MAX_LISTED,
    tenant: textOption(call, 'tenant'),
    starting_after: textOption(call, 'after'),
  };
  const { data } = await answered(client.GET('/v1/api-keys', { params: { query } }));
  const rows = data.data.map((key) => [
    ...[key.id, stateOf(key), key.tenant, key.customerId ?? '-', key.name, key.scopes.join()],
    ...[key.createdAt, key.expiresAt ?? '-', key.lastUsedAt ?? '-'],
  ]);
  const head = [
    'KEY',
    'STATE',
    'TENANT',
    'CUSTOMER',
    'NAME',
    'SCOPES',
    'MADE',
    'EXPIRES',
    'LAST USED',
  ];
  const more = data.has_more ? [`more: --after ${data.data.at(-1)!.id}`] : [];
  return { data, lines: rows.length === 0 ? ['no such key'] : [...table(head, rows), ...more] };
}

function stateOf({ revokedAt, expiresAt }: ApiKey): string {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= Date.now() ? 'expired' : 'live';
}

async function revoke({ client }: ApiTools, { words }: Call): Promise<Answer> {
  const params = { path: { id: words[0]! } };
  const { data } = await answered(client.POST('/v1/api-keys/{id}/revoke', { params }));
  return { data, lines: [`${data.id} is revoked`] };
}
