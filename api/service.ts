import type { Server } from 'node:http';
import type { Logger } from 'pino';
import type { Database, DatabaseOptions } from '../db/database';
import type { Sealer } from '../events/sealing';
import type { TargetPolicy } from '../domain/webhook-target';
import { createApp, type AppDependencies } from './app';
import { ApiKeys } from './callers/api-keys';
import { createTokenVerifier, type TokenSettings } from './callers/tokens';
import { createAdmission, type AdmissionSettings } from './limits/admission';
import { createRateLimits, type RateLimitSettings, type SharedCounter } from './limits/rate-limits';
import { answerBrokenRequests } from './http/broken-requests';
import { createHttpServer } from './http/server';
import { listenToOutcomes } from './orders/outcomes';
import { Timelines } from './orders/timelines';
import type { Operator, RoomSettings } from './operator/operator';
import { OverviewStreams } from './operator/overview-streams';
import type { ObserveRequest } from './http/request-log';
import type { ReadinessProbe } from './routes/health';

/** What the API runs on, and how it is set. */
export interface ServiceOptions {
  readonly db: Database;
  /** For the one connection on which it listens. */
  readonly database: DatabaseOptions;
  readonly redis: SharedCounter;
  readonly logger: Logger;
  readonly failing: ReadinessProbe;
  readonly webhookSecrets: readonly string[];
  readonly sealer: Pick<Sealer, 'seal'>;
  readonly targetPolicy: TargetPolicy;
  readonly rateLimits: RateLimitSettings;
  readonly admission: AdmissionSettings;
  readonly tokens?: TokenSettings | undefined;
  readonly corsOrigins: readonly string[];
  readonly trustedProxies: number;
  readonly operator: Operator;
  readonly room: RoomSettings;
  readonly observeRequest?: ObserveRequest;
}

/** The API with everything that it keeps open. */
export interface Service {
  readonly server: Server;
  /** From now on clients are told to go elsewhere: those that wait, and those that follow orders. */
  readonly beginToStop: () => Promise<void>;
}

/** Puts the API together; the server listens nowhere yet. */
export function createService(options: ServiceOptions): Service {
  const { db, logger, tokens } = options;
  const timelines = new Timelines(db, logger);
  const outcomes = listenToOutcomes(options.database, (orderId) => timelines.tell(orderId));
  const overviews = new OverviewStreams(options.operator, logger);
  const apiKeys = new ApiKeys(db);
  let isStopping = false;
  const dependencies: AppDependencies = {
    ...options,
    ...{ outcomes, timelines, overviews },
    admission: createAdmission(db, options.admission),
    apiKeys,
    verifyToken: tokens && createTokenVerifier(tokens, logger),
    rateLimits: createRateLimits(options.redis, options.rateLimits),
    failing: async () => (isStopping ? ['stopping'] : options.failing()),
    isStopping: () => isStopping,
  };
  const server = createHttpServer(createApp(dependencies));
  answerBrokenRequests(server, logger);
  return {
    server,
    async beginToStop() {
      isStopping = true;
      timelines.close();
      overviews.close();
      await Promise.all([outcomes.close(), apiKeys.close()]);
    },
  };
}
