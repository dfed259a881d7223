import type { Group } from '../api';
import { Badge } from '../parts/badge';
import { count, span } from '../parts/words';

/** How each consumer group stands. */
export function Groups({ groups }: { readonly groups: readonly Group[] }) {
  return (
    <section>
      <h2>Consumers</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Consumers">
        <table>
          <thead>
            <tr>
              {['Group', 'State', 'Lag', 'Behind', 'Parked', 'Dead', 'To publish'].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <tr key={group.group}>
                <th scope="row">{group.group}</th>
                <td>
                  <Badge state={group.state} />
                </td>
                <td>{count(group.lagEntries)}</td>
                <td>{span(group.lagSeconds === null ? null : group.lagSeconds * 1000)}</td>
                <td>{count(group.parked)}</td>
                <td>
                  {group.dead > 0 ? <a href="#/repair/dead-letters">{count(group.dead)}</a> : 0}
                </td>
                <td>{count(group.unpublished)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
