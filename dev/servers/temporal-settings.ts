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
  // The list of workflows has sixty indexes, so that each entry writes a hundred pages: they are
  // kept in memory, 64 MiB of them, and go from the log into the file every 64 MiB, not every 4.
  ...['--sqlite-pragma', 'cache_size=-65536'],
  ...['--sqlite-pragma', 'wal_autocheckpoint=16000'],
  ...dynamicConfig('history.transferProcessorMaxPollRPS', 2000),
  // Workflows are listed once a second: by then most have ended, and are not listed as running first.
  ...dynamicConfig('history.visibilityProcessorMaxPollRPS', 1),
  ...dynamicConfig('history.visibilityTaskBatchSize', 1000),
  // Tasks that are done are walked through at each new one until their queue moves on (30 s).
  ...dynamicConfig('history.transferProcessorUpdateAckInterval', '2s'),
  ...dynamicConfig('history.visibilityProcessorUpdateAckInterval', '2s'),
  // The search attributes are there from the start, and need not be read again at each order.
  ...dynamicConfig('system.forceSearchAttributesCacheRefreshOnRead', false),
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

function dynamicConfig(key: string, value: number | boolean | string): string[] {
  return ['--dynamic-config-value', `${key}=${JSON.stringify(value)}`];
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
}
