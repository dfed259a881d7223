import type { ApiTools } from './api-tools';
import type { Areas } from './command';
import { KEY_COMMANDS } from './keys';
import { ORDER_COMMANDS } from './orders';
import { PRODUCT_COMMANDS } from './products';

/** What any client of the API may do, with its key. */
export const API_AREAS: Areas<ApiTools> = {
  orders: ORDER_COMMANDS,
  products: PRODUCT_COMMANDS,
  keys: KEY_COMMANDS,
};
