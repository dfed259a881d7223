/** Where Redis is, as REDIS_URL says it. */
export interface RedisPlace {
  readonly kind: 'standalone' | 'sentinel' | 'cluster';
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly isTls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** The logical database; a cluster has only 0. */
  readonly database: number;
  /** Under which name the Sentinels know the master. */
  readonly masterName: string | undefined;
}

const USUAL_PORT = { standalone: 6379, sentinel: 26379, cluster: 6379 } as const;

const PATTERN = /^redis(s?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/]*)@)?([^@/?#]+)(?:\/([^?#]*))?$/;

/**
 * Reads `redis://[user:password@]host[:port][/database]`, `redis+sentinel://…@host,host/master[/database]`
 * or `redis+cluster://…@host,host`; `rediss` for TLS. Undefined when it is none of these.
 */
export function parseRedisUrl(text: string): RedisPlace | undefined {
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const [, tls, scheme, credentials, hostList = '', path = ''] = match;
  const kind = (scheme ?? 'standalone') as RedisPlace['kind'];
  const hosts = hostList.split(',').map((one) => parseHost(one, USUAL_PORT[kind]));
  const known = hosts.filter((host) => host !== undefined);
  const [first = '', second = ''] = path.split('/');
  const [masterName, databaseText] = kind === 'sentinel' ? [first, second] : [undefined, first];
  const database = databaseText === '' ? 0 : Number(databaseText);
  const isGood =
    known.length === hosts.length &&
    (kind !== 'standalone' || hosts.length === 1) &&
    (kind !== 'cluster' || path === '') &&
    masterName !== '' &&
    Number.isInteger(database) &&
    database >= 0;
  if (!isGood) return undefined;
  const [username = '', password = ''] = (credentials ?? '').split(':').map(decodeURIComponent);
  return {
    ...{ kind, hosts: known, isTls: tls === 's', database, masterName },
    username: username === '' ? undefined : username,
    password: password === '' ? undefined : password,
  };
}

function parseHost(text: string, usualPort: number) {
  const match = /^(\[[0-9a-fA-F:]+\]|[^:[\]\s]+)(?::(\d{1,5}))?$/.exec(text);
  const port = Number(match?.[2] ?? usualPort);
  if (!match || port < 1 || port > 65_535) return undefined;
  return { host: match[1]!.replace(/^\[|\]$/g, ''), port };
}
