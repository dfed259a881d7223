import { sql, type Kysely } from 'kysely';
import type { SoakGroup } from './groups';
import type { PlannedEvent } from './journal';

/** What must hold of a group's effects, by its tables and the plan. Returns what does not. */
export async function violationsOf(
  db: Kysely<unknown>,
  group: SoakGroup,
  { events, isMended }: { events: readonly PlannedEvent[]; isMended: boolean },
): Promise<string[]> {
  const expected = events.filter(({ isPoison }) => isMended || !isPoison);
  const poison = events.filter(({ isPoison }) => isPoison);
  const dead = await deadLetters(db, group);
  return [
    ...(await wrongEffects(db, group, expected)),
    ...(await wrongOrder(db, group, poison)),
    ...differences(
      `${group}: dead letter`,
      dead.map(({ eventId }) => eventId),
      isMended ? [] : poison.map(({ id }) => id),
    ),
    ...dead
      .filter(({ eventId }) => !poison.some(({ id }) => id === eventId))
      .map(
        ({ eventId, reason, attempts }) => `${group}: ${eventId}: ${reason}, ${attempts} attempts`,
      ),
  ];
}

async function wrongEffects(
  db: Kysely<unknown>,
  group: SoakGroup,
  expected: readonly PlannedEvent[],
): Promise<string[]> {
  const { rows } = await sql<{ event_id: string; effects: number }>`
    select event_id, count(*) as effects from ${sql.id(group, 'effects')} group by 1`.execute(db);
  const doubled = rows.filter(({ effects }) => Number(effects) > 1);
  return [
    ...doubled.map(({ event_id, effects }) => `${group}: ${effects} effects of ${event_id}`),
    ...differences(
      `${group}: effect`,
      rows.map(({ event_id }) => event_id),
      expected.map(({ id }) => id),
    ),
  ];
}

/** Of each key, but for what was given up and redriven later, as it had to be. */
async function wrongOrder(
  db: Kysely<unknown>,
  group: SoakGroup,
  poison: readonly PlannedEvent[],
): Promise<string[]> {
  const { rows } = await sql<{ event_id: string }>`
    select event_id from (
      select event_id, sequence, lag(sequence) over (partition by key order by place) as before
      from ${sql.id(group, 'effects')}
      where not event_id = any(${poison.map(({ id }) => id)}::text[])) as effect
    where sequence <= before`.execute(db);
  return rows.map(({ event_id }) => `${group}: out of its order: ${event_id}`);
}

interface Dead {
  readonly eventId: string;
  readonly reason: string;
  readonly attempts: number;
}

async function deadLetters(db: Kysely<unknown>, group: SoakGroup): Promise<Dead[]> {
  const { rows } = await sql<Dead>`
    select event_id as "eventId", reason, attempts
    from ${sql.id(group, 'dead_letters')} where state = 'dead'`.execute(db);
  return rows;
}

function differences(what: string, found: readonly string[], expected: readonly string[]) {
  const [had, wanted] = [new Set(found), new Set(expected)];
  const twice = found.filter((id, index) => found.indexOf(id) < index);
  return [
    ...twice.map((id) => `${what} that is there twice: ${id}`),
    ...found.filter((id) => !wanted.has(id)).map((id) => `${what} that should not be: ${id}`),
    ...expected.filter((id) => !had.has(id)).map((id) => `${what} is missing: ${id}`),
  ];
}
