import type Stripe from 'stripe';
import type { Database } from '../db/database';
import type { StreamReader } from '../events/republish';
import type { Sealer } from '../events/sealing';
import { createInventoryActivities } from './inventory';
import { observed, type ObserveAttempt } from './observed';
import { createOrderActivities } from './orders';
import { createPaymentActivities } from './payment';
import { createPublishingActivities } from './publishing';
import { createReconciliationActivities } from './reconciliation';
import { createShipmentActivities } from './shipments';
import { createStepsActivity } from './take-steps';

/** What the participants need. */
export interface ActivityDependencies {
  readonly db: Database;
  readonly redis: StreamReader;
  readonly stripe: Stripe;
  readonly sealer: Sealer;
  /** Told of every attempt at a step. */
  readonly observe?: ObserveAttempt;
}

/** The steps of the sagas, one activity each. */
export function createStepActivities(dependencies: ActivityDependencies) {
  return {
    ...createInventoryActivities(dependencies),
    ...createPaymentActivities(dependencies),
    ...createOrderActivities(dependencies),
    ...createPublishingActivities(dependencies),
    ...createShipmentActivities(dependencies),
  };
}

/** Every activity of the orchestrated side. */
export function createActivities(dependencies: ActivityDependencies) {
  const { observe } = dependencies;
  const plain = createStepActivities(dependencies);
  const steps = observe ? observed(plain, observe) : plain;
  return {
    ...steps,
    ...createStepsActivity(steps),
    ...createReconciliationActivities(dependencies),
  };
}

/** The steps as workflows call them. */
export type StepActivities = ReturnType<typeof createStepActivities>;

/** The activities as workflows call them. */
export type SagaActivities = ReturnType<typeof createActivities>;
