import { readFileSync } from 'node:fs';
import path from 'node:path';
import { envExample } from '../../dev/env-example';

test('.env.example is what the configuration schema says (npm run env:example)', () => {
  const file = path.join(__dirname, '..', '..', '.env.example');
  expect(readFileSync(file, 'utf8')).toBe(envExample());
});
