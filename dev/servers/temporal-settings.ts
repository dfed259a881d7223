import { SEARCH_ATTRIBUTES } from '../../workflows/messages';

/**
 * How every development server of ours is run; docker-compose.yml has the same (a test compares).
 * The defaults wait 50 ms at each hop of a workflow task, and a file store without a write-ahead
 * log is slower still: docs/decisions/0003-dev-server.md.
 */
export const TEMPORAL_SETTINGS: readonly string[] = [
  ...['--namespace', 'default'],
  ...['--sqlite-pragma', 'journal_mode=WAL'],
  ...['--sqlite-pragma', 'synchronous=NORMAL'],
  ...dynamicConfig('history.transferProcessorMaxPollRPS', 2000),
  ...dynamicConfig('system.enableActivityEagerExecution', true),
  // The default limits stop a single node at some 55 orders a second.
  ...dynamicConfig('frontend.rps', 100000),
  ...dynamicConfig('frontend.namespaceRPS', 100000),
  ...dynamicConfig('matching.rps', 100000),
  ...dynamicConfig('history.rps', 100000),
  // One node needs no partitions of its task queues.
  ...dynamicConfig('matching.numTaskqueueReadPartitions', 1),
  ...dynamicConfig('matching.numTaskqueueWritePartitions', 1),
  ...Object.values(SEARCH_ATTRIBUTES).flatMap(({ name, type }) => [
    '--search-attribute',
    `${name}=${capitalize(type)}`,
  ]),
];

function dynamicConfig(key: string, value: number | boolean): string[] {
  return ['--dynamic-config-value', `${key}=${value}`];
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
}
