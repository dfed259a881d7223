import type { Groups } from '../consumers/admin/groups';
import type { Broker } from '../consumers/runtime/broker';

/** What commands about consumer groups work with. */
export interface GroupTools {
  readonly groups: Groups;
  readonly broker: Broker;
}
