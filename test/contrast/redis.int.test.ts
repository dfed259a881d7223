import { competingConsumers } from '../../contrast/redis/competing-consumers';
import { fanOut } from '../../contrast/redis/fan-out';
import { replayOfALog } from '../../contrast/redis/replay-of-a-log';

async function linesOf(example: (say: (line: string) => void) => Promise<void>): Promise<string> {
  const lines: string[] = [];
  await example((line) => lines.push(line));
  return lines.join('\n');
}

test('a queue gives each message to one worker, and keeps what a dead one had', async () => {
  const said = await linesOf(competingConsumers);
  expect(said.match(/^worker-[12]: /gm)).toHaveLength(5);
  expect(said).toContain('5 parcels packed, each by one worker');
  expect(said).toContain('still in the hands of worker-0, to be given to another: pack parcel 1');
});

test('pub/sub reaches who listens, and nobody else', async () => {
  const said = await linesOf(fanOut);
  expect(said).toContain('late heard "order 3 is confirmed"');
  expect(said).not.toContain('late heard "order 1');
  expect(said).not.toContain('cache heard "order 2');
});

test('a stream is read by each group, from its beginning, and again', async () => {
  const said = await linesOf(replayOfALog);
  const all = 'order 1, order 2, order 3, order 4, order 5, order 6';
  expect(said).toContain(`analytics came later: ${all}`);
  expect(said).toContain(`analytics reads again: ${all}`);
  expect(said).toContain('notification goes on: order 6');
});
