import Router from '@koa/router';
import Koa from 'koa';
import type { Logger } from 'pino';
import { problems } from './problem';
import { requestLog } from './request-log';
import { healthRoutes, type ReadinessProbe } from './routes/health';
import { cancelRoutes } from './routes/cancel';
import { loyaltyRoutes } from './routes/loyalty';
import { orderRoutes } from './routes/orders';
import { paymentWebhookRoutes, type PaymentWebhookDependencies } from './routes/payment-webhook';
import { productRoutes } from './routes/products';
import {
  webhookEndpointRoutes,
  type WebhookEndpointDependencies,
} from './routes/webhook-endpoints';
import type { WaitingDependencies } from './waiting';

/** What the API needs. */
export interface AppDependencies
  extends WaitingDependencies, PaymentWebhookDependencies, WebhookEndpointDependencies {
  readonly logger: Logger;
  readonly failing: ReadinessProbe;
}

/** The API; it never reads a proxy's headers, and answers every error as a problem (RFC 9457). */
export function createApp(dependencies: AppDependencies): Koa {
  const { logger } = dependencies;
  const router = new Router();
  healthRoutes(router, dependencies.failing);
  orderRoutes(router, dependencies);
  cancelRoutes(router, dependencies);
  paymentWebhookRoutes(router, dependencies);
  productRoutes(router, dependencies);
  loyaltyRoutes(router, dependencies);
  webhookEndpointRoutes(router, dependencies);

  const app = new Koa();
  app.on('error', (err: unknown) => logger.warn({ err }, 'connection error'));
  app.use(requestLog(logger));
  app.use(problems(logger));
  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}
