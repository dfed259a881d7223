import type { RedisLink } from './redis-link';

/** The keys and arguments of a script; all keys are in one slot. */
interface ScriptCall {
  readonly keys: readonly string[];
  readonly arguments: readonly string[];
}

/** What publishing, trimming and looking into streams need of Redis. */
export function streamAccess(link: Pick<RedisLink, 'send'>) {
  const run = (command: string, script: string, { keys, arguments: args }: ScriptCall) =>
    link.send(keys[0]!, [command, script, String(keys.length), ...keys, ...args]);
  return {
    eval: (script: string, call: ScriptCall) => run('EVAL', script, call),
    evalSha: (sha1: string, call: ScriptCall) => run('EVALSHA', sha1, call),
    xRange: async (key: string, from: string, to: string) =>
      (await link.send(key, ['XRANGE', key, from, to])) as unknown[],
  };
}
