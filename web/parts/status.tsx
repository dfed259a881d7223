import { link, overview } from '../live';

/** A saga worker speaks with Temporal every five seconds. */
const WORKER_SILENT_SECONDS = 13;

/** What is wrong now, in words; nothing while all is well. */
export function Status() {
  const troubles = findTroubles();
  return (
    <div class="troubles" role="alert">
      {troubles.map((text) => (
        <p key={text}>{text}</p>
      ))}
    </div>
  );
}

function findTroubles(): string[] {
  if (link.value === 'cut off') {
    return [
      'The API does not answer. What you see is the last that it said; it is asked again each second.',
    ];
  }
  if (link.value === 'database away') return ['PostgreSQL does not answer: nothing can be told.'];
  const told = overview.value;
  if (!told) return [];
  const { orders, servers, groups } = told;
  const silent = orders.sagaWorkerSeenSeconds;
  const stopped = groups.filter(({ state }) => state === 'stopped').map(({ group }) => group);
  const probing = groups.filter(({ state }) => state === 'probing').map(({ group }) => group);
  return [
    ...(servers.temporal
      ? []
      : ['Temporal does not answer. Orders are accepted; their sagas go on when it is back.']),
    ...(servers.temporal && (silent === null || silent > WORKER_SILENT_SECONDS)
      ? [`No saga worker was heard of for ${Math.round(silent ?? 0)} s. Orders wait; none is lost.`]
      : []),
    ...(servers.redis
      ? []
      : [
          'Redis does not answer. Orders are confirmed; events wait in the journal, and money is only set aside.',
        ]),
    ...(stopped.length > 0
      ? [`Nobody runs ${stopped.join(', ')}. Their events wait; orders do not notice.`]
      : []),
    ...(probing.length > 0 ? [`What ${probing.join(', ')} need is down: they probe.`] : []),
  ];
}
