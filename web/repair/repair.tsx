import type { ComponentType } from 'preact';
import { overview } from '../live';
import { route } from '../route';
import { Attention } from './attention';
import { Audit } from './audit';
import { Consumers } from './consumers';
import { DeadLetters } from './dead-letters';
import { Reconcile } from './reconcile';

const PARTS: readonly { path: string; title: string; page: ComponentType }[] = [
  { path: 'dead-letters', title: 'Dead letters', page: DeadLetters },
  { path: 'attention', title: 'Needs a person', page: Attention },
  { path: 'consumers', title: 'Consumers', page: Consumers },
  { path: 'reconcile', title: 'Reconcile', page: Reconcile },
  { path: 'audit', title: 'Record', page: Audit },
];

/** Everything that a person may have to mend. */
export function Repair() {
  const [, second] = route.value;
  const here = PARTS.find(({ path }) => path === second) ?? PARTS[0]!;
  const Page = here.page;
  const counts: Readonly<Record<string, number>> = {
    attention: overview.value?.orders.needsAttention ?? 0,
    'dead-letters': (overview.value?.groups ?? []).reduce((sum, { dead }) => sum + dead, 0),
  };
  return (
    <>
      <h1>Repair</h1>
      <nav class="parts" aria-label="Repair">
        {PARTS.map(({ path, title }) => (
          <a
            key={path}
            href={`#/repair/${path}`}
            aria-current={path === here.path ? 'page' : undefined}
          >
            {title} {counts[path] ? <span class="badge bad">{counts[path]}</span> : null}
          </a>
        ))}
      </nav>
      <Page />
    </>
  );
}
