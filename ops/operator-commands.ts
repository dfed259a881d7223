import { AUDIT_COMMANDS } from './audit';
import type { Areas } from './command';
import { CONSUMER_COMMANDS } from './consumers';
import { DEAD_LETTER_COMMANDS } from './dead-letters';
import type { OperatorTools } from './operator-tools';
import { RECONCILE_COMMAND } from './reconcile';
import { REPLAY_COMMANDS } from './replays';
import { SAGA_COMMANDS } from './saga';
import { SHIPMENT_COMMANDS } from './shipments';
import { XRAY_COMMAND } from './xray/command';

/** What an operator does: in a terminal, and in the control room, by the same commands. */
export const OPERATOR_AREAS: Areas<OperatorTools> = {
  xray: XRAY_COMMAND,
  saga: SAGA_COMMANDS,
  reconcile: RECONCILE_COMMAND,
  consumers: CONSUMER_COMMANDS,
  'dead-letters': DEAD_LETTER_COMMANDS,
  replay: REPLAY_COMMANDS,
  shipments: SHIPMENT_COMMANDS,
  audit: AUDIT_COMMANDS,
};
