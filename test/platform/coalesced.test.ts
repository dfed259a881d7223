import { coalesced } from '../../platform/coalesced';

/** Runs that end when they are told to. */
function heldRuns() {
  const runs: { end: () => void; fail: () => void }[] = [];
  const call = coalesced(
    () =>
      new Promise((resolve, reject) => {
        runs.push({ end: resolve, fail: () => reject(new Error('failed')) });
      }),
  );
  return { runs, call };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test('whatever is told during a run is answered by one more run', async () => {
  const { runs, call } = heldRuns();
  const calls = [call(), call(), call()];
  expect(runs).toHaveLength(1);
  runs[0]!.end();
  await settle();
  expect(runs).toHaveLength(2);
  runs[1]!.end();
  await Promise.all(calls);
  expect(runs).toHaveLength(2);
});

test.each([0, 1, 2, 3, 4, 5, 6])(
  'a call %i turns after a run has ended is not lost',
  async (turns) => {
    const { runs, call } = heldRuns();
    void call();
    runs[0]!.end();
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    void call();
    await settle();
    expect(runs).toHaveLength(2);
  },
);

test('a run that fails is told to its callers, and the next call runs again', async () => {
  const { runs, call } = heldRuns();
  const failing = call();
  runs[0]!.fail();
  await expect(failing).rejects.toThrow('failed');
  const next = call();
  runs[1]!.end();
  await next;
});
