import { useSignal } from '@preact/signals';
import { run, type Group } from '../api';
import { overview } from '../live';
import { Action } from '../parts/action';
import { Badge } from '../parts/badge';
import { useLoaded } from '../parts/loaded';
import { clock, count, span } from '../parts/words';
import { Reason } from './reason';

const LOOK_MS = 2_000;

interface Replay {
  readonly replayId: number;
  readonly mode: string;
  readonly state: string;
  readonly read: number;
  readonly partitionsDone: number;
  readonly partitions: number;
  readonly startedAt: string;
  readonly startedBy: string;
}

/** Pauses, resumes and replays. */
export function Consumers() {
  const groups = overview.value?.groups ?? [];
  return (
    <>
      {groups.map((group) => (
        <OneGroup key={group.group} group={group} />
      ))}
    </>
  );
}

function OneGroup({ group: told }: { readonly group: Group }) {
  const { group, state, lagEntries, lagSeconds, parked, dead, pausedBy, pausedWhy } = told;
  const isOpen = useSignal(false);
  return (
    <details class="card" onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      <summary>
        <strong>{group}</strong> <Badge state={state} />
        <small>
          {count(lagEntries)} behind, {span(lagSeconds === null ? null : lagSeconds * 1000)};{' '}
          {parked} parked, {dead} dead
        </small>
      </summary>
      {state === 'paused' && (
        <p>
          Paused by {pausedBy}: {pausedWhy}
        </p>
      )}
      {isOpen.value && <Steer group={group} isPaused={state === 'paused'} />}
    </details>
  );
}

function Steer({ group, isPaused }: { readonly group: string; readonly isPaused: boolean }) {
  const why = useSignal('');
  const from = useSignal('');
  const { data, reload } = useLoaded(() => run<Replay[]>('replay list', [group]), group, LOOK_MS);
  const replay = async () => {
    const when: Record<string, string> = {};
    if (from.value !== '') when['from'] = new Date(from.value).toISOString();
    await run('replay start', [group], when);
    await reload();
  };
  return (
    <>
      <Reason why={why} about={group} />
      <p class="row">
        {isPaused ? (
          <Action
            kind="main"
            label={`Resume ${group}`}
            onClick={() => run('consumers resume', [group])}
          >
            Resume
          </Action>
        ) : (
          <Action
            kind="danger"
            isDisabled={why.value.trim() === ''}
            label={`Pause ${group}`}
            onClick={() => run('consumers pause', [group], { why: why.value })}
          >
            Pause
          </Action>
        )}
      </p>
      <div class="row">
        <label>
          Replay what it has not handled, from
          <input
            type="datetime-local"
            value={from}
            onInput={(event) => (from.value = event.currentTarget.value)}
          />
        </label>
        <Action label={`Replay into ${group}`} onClick={replay}>
          Replay
        </Action>
      </div>
      <ul class="plain">
        {(data ?? [])
          .slice(0, 5)
          .map(({ replayId, mode, state, read, startedAt, startedBy, ...more }) => (
            <li key={replayId}>
              Replay {replayId} ({mode}) by {startedBy} at {clock(startedAt)}:{' '}
              <Badge state={state} /> {read} read, {more.partitionsDone} of {more.partitions}{' '}
              partitions
              {state === 'running' && (
                <Action
                  kind="quiet"
                  onClick={() => run('replay cancel', [group, String(replayId)])}
                >
                  Cancel
                </Action>
              )}
            </li>
          ))}
      </ul>
    </>
  );
}
