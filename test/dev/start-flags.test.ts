import { parseFlags } from '../../dev/start-flags';

test('what is not said is as usual', () => {
  expect(parseFlags([])).toMatchObject({
    ...{ once: false, fresh: false, opens: true, scale: undefined, isRedisCluster: false },
    ...{ namespace: undefined, deployment: undefined },
  });
});

test('a scale says how many of what it names, and one of the others', () => {
  expect(parseFlags(['--scale', 'api=2,saga-worker=3'])?.scale).toEqual({
    ...{ api: 2, 'saga-worker': 3, 'consumer-worker': 1 },
  });
});

test.each([
  ['--scale', 'api'],
  ['--scale', 'api=0'],
  ['--scale', 'api=9'],
  ['--scale', 'web=2'],
  ['--scale', 'api=2;saga-worker=2'],
  ['--redis', 'sentinel'],
  ['--namespace', 'a b'],
  ['--deployment', 'saga'],
  ['--port', '70000'],
  ['--data', ''],
])('%s "%s" is refused with what it takes', (flag, value) => {
  expect(() => parseFlags([flag, value])).toThrow(`${flag} takes`);
});
