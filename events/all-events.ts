import type { AnyEventContract } from './envelope';
import { FraudSuspected } from './fraud-events';
import { OrderShipped } from './fulfilment-events';
import { ORDER_EVENTS } from './order-events';
import { WebhookEndpointDisabled } from './webhook-endpoint-events';

/** Every event that the topic has, from the saga's side and from consumers. */
export const ALL_EVENTS: readonly AnyEventContract[] = [
  ...ORDER_EVENTS,
  OrderShipped,
  FraudSuspected,
  WebhookEndpointDisabled,
];
