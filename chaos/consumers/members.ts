import type { System } from '../../dev/system';
import { GROUP_NAMES, type SoakGroup } from './groups';

/** Short, so that a killed member's work is soon taken over. */
const LEASE_SECONDS = 2;

/** A member of each group, each in a process of its own. */
export async function startMember(system: System, number: string, more = {}): Promise<void> {
  await forEachGroup((group) =>
    system.startProgram(
      nameOf(group, number),
      'chaos/consumers/member.ts',
      { SOAK_GROUP: group, CONSUMER_LEASE_SECONDS: String(LEASE_SECONDS), ...more },
      { delayMs: 100, max: 10_000 },
    ),
  );
}

/** Tells them to stop. */
export async function stopMember(system: System, number: string): Promise<void> {
  await forEachGroup((group) => system.processes.stop(nameOf(group, number)));
}

/** As after a deploy in which nothing fails any more. */
export async function restartMended(system: System, number: string): Promise<void> {
  await stopMember(system, number);
  await startMember(system, number, { SOAK_MENDED: 'true' });
}

function nameOf(group: SoakGroup, number: string): string {
  return `${group}-${number}`;
}

/** The processes of these members. */
export function memberNames(numbers: readonly string[]): string[] {
  return GROUP_NAMES.flatMap((group) => numbers.map((number) => nameOf(group, number)));
}

async function forEachGroup(work: (group: SoakGroup) => Promise<unknown>): Promise<void> {
  await Promise.all(GROUP_NAMES.map(work));
}
