import type { ApiTools } from './api-tools';
import type { Areas } from './command';
import { ACCESS_COMMANDS, type AccessTools } from './first-key';
import { KEY_COMMANDS } from './keys';
import { OPERATOR_AREAS } from './operator-commands';
import type { OperatorTools } from './operator-tools';
import { ORDER_COMMANDS } from './orders';
import { PRODUCT_COMMANDS } from './products';

/** What any client of the API may do, with its key. */
export const API_AREAS: Areas<ApiTools> = {
  orders: ORDER_COMMANDS,
  products: PRODUCT_COMMANDS,
  keys: KEY_COMMANDS,
};

/** What needs the database itself. */
export const ACCESS_AREAS: Areas<AccessTools> = { access: ACCESS_COMMANDS };

/** All areas of `npm run ops`. */
export const EVERYTHING: Areas<ApiTools & AccessTools & OperatorTools> = {
  ...API_AREAS,
  ...ACCESS_AREAS,
  // What needs the servers themselves.
  ...OPERATOR_AREAS,
};
