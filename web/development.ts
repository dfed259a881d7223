import { Refused } from './api';
import { room } from './room';
import { key } from './session';

/** Asks the launcher, which runs in development alone. Throws {@link Refused}. */
export async function askLauncher<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  const launcher = room.value?.development;
  if (!launcher) throw new Refused('npm start does not run this system.', 0);
  const headers = { Authorization: `Bearer ${key.value}` };
  const response = await fetch(`${launcher}${path}`, { ...init, headers }).catch(() => {
    throw new Refused('npm start does not answer.', 0);
  });
  if (!response.ok) throw new Refused(`npm start answered ${response.status}.`, response.status);
  return (await response.json()) as Answer;
}
