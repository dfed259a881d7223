import { z } from 'zod';
import { ConfigurationError, parseSettings } from '../../platform/config';
import { MIN_EVENT_RETENTION_HOURS, settings } from '../../platform/settings';
import { SINCE_HOURS } from '../../workers/reconciliation-schedule';

const schema = z.object(settings);
const complete = {
  DATABASE_URL: 'postgresql://127.0.0.1:5432/tandem',
  REDIS_URL: 'redis://127.0.0.1:6379',
  STRIPE_API_KEY: 'sk_test_1',
  EVENT_SEALING_KEYS: 'a:b',
};

test('fills in what has a default and freezes the result', () => {
  const config = parseSettings(schema, complete);
  expect(config).toMatchObject({ API_PORT: 3000, PLACEMENT_DEADLINE_SECONDS: 900 });
  expect(Object.isFrozen(config)).toBe(true);
});

test('no event leaves the streams that the reconciler would publish again', () => {
  const parse = (hours: number) =>
    parseSettings(schema, { ...complete, EVENT_RETENTION_HOURS: String(hours) });
  expect(() => parse(SINCE_HOURS)).toThrow('EVENT_RETENTION_HOURS');
  expect(parse(MIN_EVENT_RETENTION_HOURS).EVENT_RETENTION_HOURS).toBeGreaterThan(SINCE_HOURS);
});

test('names every problem at once', () => {
  const broken = { ...complete, REDIS_URL: 'http://x', API_PORT: '99999', DATABASE_URL: '' };
  const parse = () => parseSettings(schema, broken);
  expect(parse).toThrow(ConfigurationError);
  for (const name of ['REDIS_URL', 'API_PORT', 'DATABASE_URL']) expect(parse).toThrow(name);
});
