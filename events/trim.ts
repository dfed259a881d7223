/**
 * Removes entries older than a time, but nothing that a group has not settled. One script, so that
 * no group is given anything in between.
 * KEYS: stream. ARGV: the lowest id to keep, then every group that must be there.
 * Returns {removed, the lowest id that was kept, the group that held it back or ''}.
 */
const SCRIPT = `
local function less(a, b)
  local a_ms, a_seq = string.match(a, '(%d+)-(%d+)')
  local b_ms, b_seq = string.match(b, '(%d+)-(%d+)')
  if a_ms ~= b_ms then return #a_ms < #b_ms or (#a_ms == #b_ms and a_ms < b_ms) end
  return #a_seq < #b_seq or (#a_seq == #b_seq and a_seq < b_seq)
end
if redis.call('EXISTS', KEYS[1]) == 0 then return {0, '0-0', ''} end
local low, holder, known = ARGV[1], '', {}
for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  known[group[2]] = true
  local settled = redis.call('XPENDING', KEYS[1], group[2])[2] or group[8]
  if less(settled, low) then low, holder = settled, group[2] end
end
for i = 2, #ARGV do
  if not known[ARGV[i]] then return {0, '0-0', ARGV[i]} end
end
return {redis.call('XTRIM', KEYS[1], 'MINID', low), low, holder}
`;

/** The part of a Redis client that trimming needs. */
export interface ScriptEvaluator {
  eval(script: string, call: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** What trimming a stream did. */
export interface Trimmed {
  readonly removed: number;
  /** The group for which older entries were kept; undefined when there was none. */
  readonly heldBackBy: string | undefined;
}

/**
 * Removes what was appended to the stream before `before`, except what a group there has not
 * settled. Removes nothing while one of `groups` is missing: it may have been lost, and will be
 * made again where it stood.
 */
export async function trimStream(
  redis: ScriptEvaluator,
  stream: string,
  { before, groups }: { before: Date; groups: readonly string[] },
): Promise<Trimmed> {
  const reply = await redis.eval(SCRIPT, {
    keys: [stream],
    arguments: [`${before.getTime()}-0`, ...groups],
  });
  const [removed, , holder] = reply as [number, string, string];
  return { removed, heldBackBy: holder === '' ? undefined : holder };
}
