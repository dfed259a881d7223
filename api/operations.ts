import { openApiOf } from './contract/openapi';
import type { Operation } from './contract/operation';
import { apiKeyOperations } from './routes/api-keys';
import { cancelOperation } from './routes/cancel';
import { loyaltyOperation } from './routes/customers';
import { guideOperations } from './routes/guide';
import { healthOperations, type ReadinessProbe } from './routes/health';
import { orderOperations, type OrderDependencies } from './routes/orders';
import { operatorOperations, type OperatorDependencies } from './routes/operator';
import { pageOperations } from './routes/pages';
import { paymentWebhookOperation, type PaymentWebhookDependencies } from './routes/payment-webhook';
import { productOperations } from './routes/products';
import { roomOperations } from './routes/room';
import { stockOperations } from './routes/stock';
import { timelineOperation, type TimelineDependencies } from './routes/timeline';
import { webhookDeliveryOperations } from './routes/webhook-deliveries';
import {
  webhookEndpointOperations,
  type WebhookEndpointDependencies,
} from './routes/webhook-endpoints';

/** What the operations need. */
export interface OperationDependencies
  extends
    OrderDependencies,
    TimelineDependencies,
    PaymentWebhookDependencies,
    OperatorDependencies,
    WebhookEndpointDependencies {
  readonly failing: ReadinessProbe;
}

/** Everything that the API can do. */
export function createOperations(dependencies: OperationDependencies): Operation[] {
  const operations: Operation[] = [
    ...orderOperations(dependencies),
    cancelOperation(dependencies),
    timelineOperation(dependencies),
    ...productOperations(dependencies),
    ...stockOperations(dependencies),
    loyaltyOperation(dependencies),
    ...webhookEndpointOperations(dependencies),
    ...webhookDeliveryOperations(dependencies),
    ...apiKeyOperations(dependencies),
    ...operatorOperations(dependencies),
    paymentWebhookOperation(dependencies),
    ...healthOperations(dependencies.failing),
    ...guideOperations(),
    ...pageOperations(() => openApiOf(operations)),
    ...roomOperations(),
  ];
  return operations;
}
