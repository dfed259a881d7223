import { choreographed } from './choreographed/design';
import type { Design } from './design';
import { orchestrated } from './orchestrated/design';
import { requestResponse } from './request-response/design';

/** The same order placement, three ways; from the simplest to the product. */
export const DESIGNS: readonly Design[] = [requestResponse, choreographed, orchestrated];
