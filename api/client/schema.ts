// Made by `npm run api:publish` from the operations of api/: change it there.
export interface paths {
  '/v1/orders': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List orders, the latest first */
    get: operations['listOrders'];
    put?: never;
    /**
     * Place an order
     * @description Answered at once, or with `Prefer: wait=N` when the outcome is known. The same key and order again are answered as the first time. A key is kept for 48 hours; a request that was refused keeps none.
     */
    post: operations['placeOrder'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/orders/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Read an order as it stands */
    get: operations['getOrder'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/orders/{id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Call an order off
     * @description Possible until the parcel leaves. A pending order is undone, a confirmed one refunded. Needs no key: a repeat is answered the same.
     */
    post: operations['cancelOrder'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/orders/{id}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Follow an order
     * @description Server-sent events: all that happened to the order, then what happens. Each is a `TimelineEntry`, its id the sequence number; with `Last-Event-ID` only what came after it. Entries are some half a second late.
     */
    get: operations['followOrder'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/products': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List products with prices and what can be sold */
    get: operations['listProducts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/products/{sku}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Read a product */
    get: operations['getProduct'];
    /**
     * Add a product or change it
     * @description Orders that were placed keep their prices. A new product has nothing on the shelf.
     */
    put: operations['saveProduct'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/products/{sku}/recommendations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List what was bought together with a product, the most often first
     * @description Counted by a consumer of events, so they may lag.
     */
    get: operations['listRecommendations'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/products/{sku}/stock': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Read what is on the shelf */
    get: operations['getStock'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/products/{sku}/stock-changes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List the changes of stock, the latest first */
    get: operations['listStockChanges'];
    put?: never;
    /**
     * Change what is on the shelf
     * @description By a difference (`adjust`), or to what was counted (`set`). Happens once a key, which is kept for ever: a count that is sent again after a sale would be wrong.
     */
    post: operations['changeStock'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/customers/{id}/loyalty': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a customer's points
     * @description Counted by a consumer of events, so they may lag.
     */
    get: operations['getLoyaltyBalance'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhook-endpoints': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List your endpoints, the oldest first */
    get: operations['listWebhookEndpoints'];
    put?: never;
    /** Register an endpoint */
    post: operations['registerWebhookEndpoint'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhook-endpoints/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Read an endpoint */
    get: operations['getWebhookEndpoint'];
    put?: never;
    post?: never;
    /** Delete an endpoint */
    delete: operations['deleteWebhookEndpoint'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhook-endpoints/{id}/enable': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Enable an endpoint again */
    post: operations['enableWebhookEndpoint'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhook-endpoints/{id}/rotate-secret': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Replace an endpoint's secret
     * @description The one before signs beside it for 24 hours.
     */
    post: operations['rotateWebhookSecret'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhook-endpoints/{id}/deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List deliveries with every attempt, the latest first */
    get: operations['listWebhookDeliveries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhook-endpoints/{id}/deliveries/{delivery}/redeliver': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Deliver again, under the same webhook-id */
    post: operations['redeliverWebhook'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/api-keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List API keys, the latest first */
    get: operations['listApiKeys'];
    put?: never;
    /**
     * Make an API key
     * @description A second key of the same name is there to replace the first: deploy it, then revoke the first one.
     */
    post: operations['createApiKey'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/api-keys/{id}/revoke': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Revoke an API key
     * @description No process accepts it any more after two seconds.
     */
    post: operations['revokeApiKey'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/ops/overview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How everything stands */
    get: operations['getOverview'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/ops/overview/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Watch how everything stands
     * @description Server-sent events `overview`, one a second; `trouble` while it cannot be told. There is nothing to catch up with: each says everything.
     */
    get: operations['watchOverview'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/ops/series': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How the last hour was */
    get: operations['getSeries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/ops/orders/{id}/xray': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * An order on both sides, on one time axis
     * @description From our own records, so that it also works while Temporal, Redis or a consumer is away, and when Temporal has forgotten the saga.
     */
    get: operations['getXray'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/ops/commands': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Run an operator's command
     * @description The commands of `npm run ops` (saga, reconcile, consumers, dead-letters, replay, shipments, audit), with their words and options. Who changed something, and why, is kept (`audit list`).
     */
    post: operations['runCommand'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/ops/room': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What the control room links to */
    get: operations['getRoom'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/webhooks/payments': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Take a notification of the payment provider */
    post: operations['receivePaymentWebhook'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/livez': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Whether the process answers */
    get: operations['getLiveness'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/readyz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Whether it can take orders */
    get: operations['getReadiness'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs/guide': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The guide: its pages, by what you want to do */
    get: operations['getGuide'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs/guide/{page}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A page of the guide */
    get: operations['getGuidePage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs/guide/{folder}/{page}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A runbook, a decision, or a picture */
    get: operations['getGuideSubpage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Where to begin */
    get: operations['getStart'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/openapi.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** This document */
    get: operations['getOpenApi'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A page to read this document and to try the API */
    get: operations['getDocumentation'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A page about the events */
    get: operations['getEventsDocumentation'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/asyncapi.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The events, for programs */
    get: operations['getAsyncApi'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs/{file}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A file of that page */
    get: operations['getDocumentationFile'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/problems/{kind}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What a problem means, and what to do */
    get: operations['getProblem'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/room': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The control room */
    get: operations['getRoomPage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/room/assets/{file}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A file of that page */
    get: operations['getRoomFile'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    TimelineEntry: {
      /** @enum {string} */
      object: 'timeline_entry';
      /** @description Also the id of the event, for `Last-Event-ID`. */
      sequence: number;
      /** @enum {string} */
      name:
        | 'OrderPlaced'
        | 'PaymentAuthorized'
        | 'PaymentDeclined'
        | 'PaymentVoided'
        | 'OrderCreated'
        | 'OrderRejected'
        | 'OrderFailed'
        | 'OrderCancelled'
        | 'PaymentCaptured'
        | 'PaymentRefunded'
        | 'CancellationRequested'
        | 'FulfilmentShipped';
      /** Format: date-time */
      recordedAt: string;
      /** @description Why it ended. */
      code?: string;
      carrier?: string;
      trackingNumber?: string;
    };
    Overview: {
      /** @enum {string} */
      object: 'overview';
      /** Format: date-time */
      at: string;
      orders: {
        /** @description Counted up to 10,000. */
        pending: number;
        waitingForSaga: number;
        oldestPendingSeconds: number;
        cancelling: number;
        needsAttention: number;
        unpublished: number;
        oldestUnpublishedSeconds: number;
        unsettledWebhooks: number;
        sagaWorkerSeenSeconds: number | null;
        taskQueueSeconds: number;
      };
      servers: {
        redis: boolean;
        temporal: boolean;
      };
      /** @description The last points; `getSeries` has the last hour. */
      series: {
        /** @description Its beginning, in seconds since 1970. */
        at: number;
        placed: number;
        confirmed: number;
        rejected: number;
        failed: number;
        cancelled: number;
        revenueMinor: number;
        currency: string | null;
        /** @description From the request to the confirmation. */
        p50Ms: number | null;
        p95Ms: number | null;
      }[];
      groups: {
        group: string;
        /** @enum {string} */
        state: 'running' | 'probing' | 'paused' | 'stopped' | 'unknown';
        members: number;
        /** @description Null while Redis cannot say. */
        lagEntries: number | null;
        lagSeconds: number | null;
        parked: number;
        dead: number;
        losses: number;
        unpublished: number;
        pausedBy: string | null;
        pausedWhy: string | null;
      }[];
      latest: {
        id: string;
        tenant: string;
        status: string;
        outcomeCode: string | null;
        needsAttention: string[];
        totalMinor: number;
        currency: string;
        /** Format: date-time */
        createdAt: string;
      }[];
    };
    Order: {
      /** @example ord_019ac6f0-0000-7000-8000-000000000000 */
      id: string;
      /** @enum {string} */
      object: 'order';
      /** @enum {string} */
      status: 'pending' | 'confirmed' | 'rejected' | 'cancelled' | 'failed';
      /** @enum {string} */
      paymentStatus: 'none' | 'authorized' | 'captured' | 'refunded' | 'voided';
      /** @enum {string} */
      fulfilmentStatus: 'none' | 'requested' | 'shipped' | 'stopped';
      /** @description Why it was rejected, cancelled or has failed. */
      outcomeCode: string | null;
      /** @description It is being called off. */
      cancelRequested: boolean;
      /** @description A person of ours has something to finish. */
      needsAttention: boolean;
      customerId: string;
      /** @description ISO 4217. */
      currency: string;
      totalMinor: number;
      lines: {
        sku: string;
        quantity: number;
        unitPriceMinor: number;
      }[];
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
    };
    Problem: {
      /** @description Which kind of problem it is; its page on this API explains it. */
      type: string;
      title: string;
      status: number;
      /** @description What is special about this one. */
      detail?: string;
      /** @description The id of the request, as in `Request-Id`. */
      instance: string;
      errors?: {
        /** @description A JSON Pointer in a URI fragment (RFC 6901, section 6). */
        pointer: string;
        code: string;
        detail: string;
      }[];
    };
    NewOrder: {
      customer: {
        id: string;
        /** Format: email */
        email: string;
        name?: string;
      };
      lines: {
        /** @example TEA-EARL-GREY */
        sku: string;
        quantity: number;
      }[];
      /** @example pm_card_visa */
      paymentMethod: string;
    };
    Product: {
      /** @enum {string} */
      object: 'product';
      /** @example TEA-EARL-GREY */
      sku: string;
      name: string;
      unitPriceMinor: number;
      /**
       * @description ISO 4217.
       * @example EUR
       */
      currency: string;
      /** @description What can be sold now. */
      available: number;
      lowStockThreshold: number;
      /** @description As little as the threshold is left, or less. */
      isLow: boolean;
    };
    NewProduct: {
      name: string;
      unitPriceMinor: number;
      /**
       * @description ISO 4217.
       * @example EUR
       */
      currency: string;
      /** @default 0 */
      lowStockThreshold: number;
    };
    Recommendation: {
      /** @enum {string} */
      object: 'recommendation';
      /** @example TEA-EARL-GREY */
      sku: string;
      /** @description In how many orders. */
      orders: number;
    };
    Stock: {
      /** @enum {string} */
      object: 'stock';
      /** @example TEA-EARL-GREY */
      sku: string;
      /** @description What is on the shelf. */
      onHand: number;
      /** @description How much of it is promised to orders under way. */
      reserved: number;
      available: number;
    };
    StockChange: {
      /** @enum {string} */
      object: 'stock_change';
      id: number;
      /** @example TEA-EARL-GREY */
      sku: string;
      /** @enum {string} */
      kind: 'adjust' | 'set';
      delta: number;
      /** @description What was on the shelf then. */
      onHand: number;
      reason: string;
      /** @description With which key or token. */
      by: string;
      /** Format: date-time */
      recordedAt: string;
    };
    NewStockChange:
      | {
          /** @enum {string} */
          kind: 'adjust';
          /** @description How many more, or fewer. */
          delta: number;
          /** @description Why, for the record. */
          reason: string;
        }
      | {
          /** @enum {string} */
          kind: 'set';
          /** @description How many were counted. */
          onHand: number;
          /** @description Why, for the record. */
          reason: string;
        };
    LoyaltyBalance: {
      /** @enum {string} */
      object: 'loyalty_balance';
      customerId: string;
      points: number;
    };
    RegisteredWebhookEndpoint: {
      /** @enum {string} */
      object: 'webhook_endpoint';
      id: string;
      url: string;
      /** @description Null: all. */
      eventTypes: string[] | null;
      description: string;
      /** @enum {string} */
      state: 'enabled' | 'disabled';
      /** @description `gone` or `failing`. */
      disabledReason: string | null;
      /** Format: date-time */
      disabledAt: string | null;
      /** Format: date-time */
      createdAt: string;
      /** @description Shown now, and never again. */
      secret: string;
    };
    NewWebhookEndpoint: {
      /** @example https://shop.example/webhooks */
      url: string;
      eventTypes?: (
        | 'shop.order.created.v1'
        | 'shop.order.rejected.v1'
        | 'shop.order.failed.v1'
        | 'shop.order.cancelled.v1'
        | 'shop.payment.captured.v1'
        | 'shop.payment.refunded.v1'
        | 'shop.order.shipped.v1'
        | 'shop.order.fraud-suspected.v1'
      )[];
      /** @default  */
      description: string;
      /**
       * Format: email
       * @description Who is told when the endpoint is disabled.
       */
      contactEmail: string;
    };
    WebhookEndpoint: {
      /** @enum {string} */
      object: 'webhook_endpoint';
      id: string;
      url: string;
      /** @description Null: all. */
      eventTypes: string[] | null;
      description: string;
      /** @enum {string} */
      state: 'enabled' | 'disabled';
      /** @description `gone` or `failing`. */
      disabledReason: string | null;
      /** Format: date-time */
      disabledAt: string | null;
      /** Format: date-time */
      createdAt: string;
    };
    WebhookSecret: {
      /** @enum {string} */
      object: 'webhook_secret';
      /** @description Shown now, and never again. */
      secret: string;
      /** Format: date-time */
      oldSecretExpiresAt: string;
    };
    WebhookDelivery: {
      /** @enum {string} */
      object: 'webhook_delivery';
      id: number;
      eventId: string;
      eventType: string;
      /** @enum {string} */
      state: 'pending' | 'sending' | 'delivered' | 'failed';
      /** Format: date-time */
      plannedAt: string;
      /** Format: date-time */
      nextAttemptAt: string | null;
      /** Format: date-time */
      deliveredAt: string | null;
      attempts: {
        /** Format: date-time */
        at: string;
        /** @description What your server answered; null if nothing. */
        status: number | null;
        error: string | null;
        durationMs: number;
      }[];
    };
    WebhookRedelivery: {
      /** @enum {string} */
      object: 'webhook_delivery';
      id: number;
      /** @enum {string} */
      state: 'pending';
    };
    CreatedApiKey: {
      /** @enum {string} */
      object: 'api_key';
      id: string;
      tenant: string;
      /** @description Bound to this customer. */
      customerId: string | null;
      name: string;
      scopes: ('orders' | 'catalogue' | 'webhooks' | 'ops')[];
      createdBy: string;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      expiresAt: string | null;
      /** Format: date-time */
      revokedAt: string | null;
      /**
       * Format: date-time
       * @description Some seconds late.
       */
      lastUsedAt: string | null;
      /** @description Shown now, and never again. */
      key: string;
    };
    NewApiKey: {
      /** @description Whose it is: two live keys may share a name. */
      name: string;
      scopes: ('orders' | 'catalogue' | 'webhooks' | 'ops')[];
      /** @description Your own if it is not said. */
      tenant?: string;
      /** @description Binds the key to a customer, whose only scope is `orders`. */
      customerId?: string;
      /** @example 2026-11-26T09:00:00Z */
      expiresAt?: string;
    };
    ApiKey: {
      /** @enum {string} */
      object: 'api_key';
      id: string;
      tenant: string;
      /** @description Bound to this customer. */
      customerId: string | null;
      name: string;
      scopes: ('orders' | 'catalogue' | 'webhooks' | 'ops')[];
      createdBy: string;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      expiresAt: string | null;
      /** Format: date-time */
      revokedAt: string | null;
      /**
       * Format: date-time
       * @description Some seconds late.
       */
      lastUsedAt: string | null;
    };
    Series: {
      /** @enum {string} */
      object: 'series';
      widthSeconds: number;
      data: {
        /** @description Its beginning, in seconds since 1970. */
        at: number;
        placed: number;
        confirmed: number;
        rejected: number;
        failed: number;
        cancelled: number;
        revenueMinor: number;
        currency: string | null;
        /** @description From the request to the confirmation. */
        p50Ms: number | null;
        p95Ms: number | null;
      }[];
    };
    Xray: {
      /** @enum {string} */
      object: 'xray';
      order: {
        /** @example ord_019ac6f0-0000-7000-8000-000000000000 */
        id: string;
        tenant: string;
        status: string;
        paymentStatus: string;
        fulfilmentStatus: string;
        outcomeCode: string | null;
        currency: string;
        totalMinor: number;
        needsAttention: string[];
        lines: {
          sku: string;
          quantity: number;
        }[];
        /** Format: date-time */
        createdAt: string;
        requestId: string | null;
        traceparent: string | null;
        /** @description As we know it; its intent is to be looked up at the provider. */
        payment: {
          state: string;
          intentId: string | null;
          amountMinor: number;
          declineCode: string | null;
        } | null;
      };
      entries: {
        /** Format: date-time */
        at: string;
        /** @description Null where nobody measured it. */
        tookMs: number | null;
        /** @description `request`, `saga`, `journal`, `stream`, or the name of a consumer group. */
        lane: string;
        what: string;
        /**
         * @description `waiting`: it is not over yet. `undone`: a compensation did its work.
         * @enum {string}
         */
        state: 'done' | 'refused' | 'failed' | 'waiting' | 'dead' | 'undone';
        attempt: number | null;
        detail: {
          [key: string]: unknown;
        };
      }[];
      /** @description What Temporal says now; null while it does not answer. */
      sagas:
        | {
            workflowId: string;
            status: string;
            /** @description What a person may decide about. */
            openSteps: string[];
            pending: {
              activity: string;
              attempt: number;
              lastError: string | null;
              /** Format: date-time */
              nextAttemptAt: string | null;
            }[];
            /** @description Its page in the Temporal Web UI. */
            link: string | null;
          }[]
        | null;
      /** @description Consumer groups that could not be asked. */
      silentGroups: string[];
      /** @description From the trace viewer of development; null where there is none. */
      traces:
        | {
            traceId: string;
            spans: {
              spanId: string;
              parentSpanId: string | null;
              service: string;
              name: string;
              /** @description Milliseconds since 1970. */
              startMs: number;
              tookMs: number;
              isFailed: boolean;
            }[];
          }[]
        | null;
      /** @description The trace in your own tracing system. */
      traceLink: string | null;
    };
    CommandAnswer: {
      /** @enum {string} */
      object: 'command';
      /** @description As a terminal shows it. */
      lines: string[];
      /** @description As `--json` shows it. */
      data?: unknown;
      /** @description What was wanted did not come about. */
      isFailure: boolean;
    };
    Command: {
      /** @example audit list */
      command: string;
      /** @default [] */
      words: string[];
      /** @default {} */
      options: {
        [key: string]: string | boolean | string[];
      };
      /** @description Who you are, where several people share a key; kept with the key. */
      by?: string;
    };
    Room: {
      /** @enum {string} */
      object: 'room';
      temporalUi: string | null;
      /** @description Where things are broken; null in production. */
      development: string | null;
    };
    PaymentWebhookReceipt: {
      /** @enum {boolean} */
      received: true;
      /** @description This event was told before. */
      replayed: boolean;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  listOrders: {
    parameters: {
      query?: {
        limit?: number;
        /** @description Those placed before this order. */
        starting_after?: string;
        status?: 'pending' | 'confirmed' | 'rejected' | 'cancelled' | 'failed';
        customer_id?: string;
        /** @description Placed at this moment or later. */
        created_from?: string;
        /** @description Placed before this moment. */
        created_until?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of orders. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            object: 'list';
            data: components['schemas']['Order'][];
            /** @description There are more after the last of these. */
            has_more: boolean;
          };
        };
      };
      /** @description You have this already (`If-None-Match`). */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The query is not valid (`invalid-query`). */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  placeOrder: {
    parameters: {
      query?: never;
      header: {
        /** @description Yours to choose; kept for 48 hours (draft-ietf-httpapi-idempotency-key-header). */
        'Idempotency-Key': string;
        /** @description `wait=N`: wait up to N seconds, at most 30 (RFC 7240). */
        Prefer?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewOrder'];
      };
    };
    responses: {
      /** @description The outcome is known; a rejection is one. */
      201: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          /** @description The path of the order. */
          Location?: string;
          /** @description `true` when this key was sent with this order before. */
          'Idempotent-Replayed'?: string;
          /** @description That the answer waited. */
          'Preference-Applied'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Order'];
        };
      };
      /** @description Accepted: it will end. */
      202: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          /** @description The path of the order. */
          Location?: string;
          /** @description `true` when this key was sent with this order before. */
          'Idempotent-Replayed'?: string;
          /** @description That the answer waited. */
          'Preference-Applied'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Order'];
        };
      };
      /** @description An Idempotency-Key header is needed (`idempotency-key-missing`). The Idempotency-Key is not valid (`idempotency-key-invalid`). The request cannot be read (`bad-request`). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A request with this Idempotency-Key is in progress (`request-in-progress`). */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large (`body-too-large`). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body must be JSON (`unsupported-media-type`). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The Idempotency-Key was used with another body (`idempotency-key-reused`). The order is not valid (`invalid-order`). */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No new orders are taken now (`overloaded`). The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getOrder: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The order. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Order'];
        };
      };
      /** @description You have this already (`If-None-Match`). */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  cancelOrder: {
    parameters: {
      query?: never;
      header?: {
        /** @description `wait=N`: wait up to N seconds, at most 30 (RFC 7240). */
        Prefer?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is cancelled. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Order'];
        };
      };
      /** @description It is being undone. */
      202: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Order'];
        };
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The order is on its way and cannot be cancelled (`order-shipped`). The order has ended and cannot be cancelled (`order-over`). */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  followOrder: {
    parameters: {
      query?: never;
      header?: {
        'Last-Event-ID'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The stream, until you close it. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': string;
        };
      };
      /** @description The request cannot be read (`bad-request`). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many event streams are open (`too-many-streams`). There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listProducts: {
    parameters: {
      query?: {
        limit?: number;
        starting_after?: string;
        low_stock?: boolean;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of products. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            object: 'list';
            data: components['schemas']['Product'][];
            /** @description There are more after the last of these. */
            has_more: boolean;
          };
        };
      };
      /** @description You have this already (`If-None-Match`). */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The query is not valid (`invalid-query`). */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getProduct: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        sku: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The product. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Product'];
        };
      };
      /** @description You have this already (`If-None-Match`). */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  saveProduct: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        sku: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewProduct'];
      };
    };
    responses: {
      /** @description It was changed. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Product'];
        };
      };
      /** @description It was added. */
      201: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Product'];
        };
      };
      /** @description The request cannot be read (`bad-request`). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large (`body-too-large`). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body must be JSON (`unsupported-media-type`). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The product is not valid (`invalid-product`). */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listRecommendations: {
    parameters: {
      query?: {
        limit?: number;
      };
      header?: never;
      path: {
        sku: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The products. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            object: 'list';
            data: components['schemas']['Recommendation'][];
            /** @description There are more after the last of these. */
            has_more: boolean;
          };
        };
      };
      /** @description You have this already (`If-None-Match`). */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The query is not valid (`invalid-query`). */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getStock: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        sku: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The stock. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Stock'];
        };
      };
      /** @description You have this already (`If-None-Match`). */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listStockChanges: {
    parameters: {
      query?: {
        limit?: number;
        starting_after?: number;
      };
      header?: never;
      path: {
        sku: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of changes. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            object: 'list';
            data: components['schemas']['StockChange'][];
            /** @description There are more after the last of these. */
            has_more: boolean;
          };
        };
      };
      /** @description You have this already (`If-None-Match`). */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The query is not valid (`invalid-query`). */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changeStock: {
    parameters: {
      query?: never;
      header: {
        /** @description Yours to choose; kept for 48 hours (draft-ietf-httpapi-idempotency-key-header). */
        'Idempotency-Key': string;
      };
      path: {
        sku: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewStockChange'];
      };
    };
    responses: {
      /** @description It was changed before, by this key. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['StockChange'];
        };
      };
      /** @description It is changed. */
      201: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['StockChange'];
        };
      };
      /** @description An Idempotency-Key header is needed (`idempotency-key-missing`). The Idempotency-Key is not valid (`idempotency-key-invalid`). The request cannot be read (`bad-request`). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A request with this Idempotency-Key is in progress (`request-in-progress`). There is less on the shelf than that (`not-enough-stock`). */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large (`body-too-large`). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body must be JSON (`unsupported-media-type`). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The Idempotency-Key was used with another body (`idempotency-key-reused`). The change of stock is not valid (`invalid-stock-change`). */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getLoyaltyBalance: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The points. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LoyaltyBalance'];
        };
      };
      /** @description You have this already (`If-None-Match`). */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listWebhookEndpoints: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All of them. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            object: 'list';
            data: components['schemas']['WebhookEndpoint'][];
            /** @description There are more after the last of these. */
            has_more: boolean;
          };
        };
      };
      /** @description You have this already (`If-None-Match`). */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  registerWebhookEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewWebhookEndpoint'];
      };
    };
    responses: {
      /** @description It is told what happens from now on. */
      201: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          /** @description The path of the endpoint. */
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RegisteredWebhookEndpoint'];
        };
      };
      /** @description The request cannot be read (`bad-request`). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are as many webhook endpoints as there may be (`too-many-webhook-endpoints`). */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large (`body-too-large`). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body must be JSON (`unsupported-media-type`). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The webhook endpoint is not valid (`invalid-webhook-endpoint`). */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getWebhookEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The endpoint. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookEndpoint'];
        };
      };
      /** @description You have this already (`If-None-Match`). */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteWebhookEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Nothing is sent to it any more. */
      204: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  enableWebhookEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What waited meanwhile is sent now. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookEndpoint'];
        };
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rotateWebhookSecret: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The new secret. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookSecret'];
        };
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listWebhookDeliveries: {
    parameters: {
      query?: {
        limit?: number;
        starting_after?: number;
        state?: 'pending' | 'sending' | 'delivered' | 'failed';
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of deliveries. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            object: 'list';
            data: components['schemas']['WebhookDelivery'][];
            /** @description There are more after the last of these. */
            has_more: boolean;
          };
        };
      };
      /** @description You have this already (`If-None-Match`). */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The query is not valid (`invalid-query`). */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  redeliverWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        delivery: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is due now. */
      202: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookRedelivery'];
        };
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listApiKeys: {
    parameters: {
      query?: {
        limit?: number;
        starting_after?: string;
        tenant?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of keys. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            object: 'list';
            data: components['schemas']['ApiKey'][];
            /** @description There are more after the last of these. */
            has_more: boolean;
          };
        };
      };
      /** @description You have this already (`If-None-Match`). */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The query is not valid (`invalid-query`). */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewApiKey'];
      };
    };
    responses: {
      /** @description The key, this once. */
      201: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedApiKey'];
        };
      };
      /** @description The request cannot be read (`bad-request`). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are as many live API keys as there may be (`too-many-api-keys`). */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large (`body-too-large`). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body must be JSON (`unsupported-media-type`). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The API key cannot be made like this (`invalid-api-key`). */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  revokeApiKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is revoked. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiKey'];
        };
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getOverview: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Both sides, now. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Overview'];
        };
      };
      /** @description You have this already (`If-None-Match`). */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  watchOverview: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The stream, until you close it. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': string;
        };
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many event streams are open (`too-many-streams`). There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getSeries: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Points in which something happened. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Series'];
        };
      };
      /** @description You have this already (`If-None-Match`). */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getXray: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The X-ray. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Xray'];
        };
      };
      /** @description You have this already (`If-None-Match`). */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  runCommand: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['Command'];
      };
    };
    responses: {
      /** @description What it says. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CommandAnswer'];
        };
      };
      /** @description The request cannot be read (`bad-request`). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The command cannot be carried out (`command-refused`). */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large (`body-too-large`). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body must be JSON (`unsupported-media-type`). */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is no such command, or not like this (`invalid-command`). */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getRoom: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Links. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Room'];
        };
      };
      /** @description You have this already (`If-None-Match`). */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description A valid API key or token is needed (`unauthorized`). */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Your key or token may not do this (`forbidden`). */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  receivePaymentWebhook: {
    parameters: {
      query?: never;
      header: {
        /** @description Signs the bytes of the body. */
        'Stripe-Signature': string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          id: string;
          type: string;
        } & {
          [key: string]: unknown;
        };
      };
    };
    responses: {
      /** @description It is kept. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PaymentWebhookReceipt'];
        };
      };
      /** @description The signature is not valid, or too old (`webhook-signature-invalid`). The request cannot be read (`bad-request`). */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large (`body-too-large`). */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getLiveness: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It does. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            status: 'ok';
          };
        };
      };
      /** @description You have this already (`If-None-Match`). */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReadiness: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It does. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @enum {string} */
            status: 'ok';
          };
        };
      };
      /** @description You have this already (`If-None-Match`). */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getGuide: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The page, or a picture of one. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/html': string;
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getGuidePage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        page: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The page, or a picture of one. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/html': string;
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getGuideSubpage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        folder: string;
        page: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The page, or a picture of one. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/html': string;
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getStart: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description To the documentation. */
      302: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          /** @description `/docs` */
          Location?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getOpenApi: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description OpenAPI 3.1. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            openapi: string;
          } & {
            [key: string]: unknown;
          };
        };
      };
      /** @description You have this already (`If-None-Match`). */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDocumentation: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The page. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/html': string;
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getEventsDocumentation: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The page. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/html': string;
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getAsyncApi: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description AsyncAPI 3. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            asyncapi: string;
          } & {
            [key: string]: unknown;
          };
        };
      };
      /** @description You have this already (`If-None-Match`). */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getDocumentationFile: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        file: 'swagger-ui.css' | 'swagger-ui-bundle.js' | 'favicon.png' | 'init.js';
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The file. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          '*/*': string;
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getProblem: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        kind:
          | 'bad-request'
          | 'idempotency-key-missing'
          | 'idempotency-key-invalid'
          | 'webhook-signature-invalid'
          | 'unauthorized'
          | 'forbidden'
          | 'not-found'
          | 'method-not-allowed'
          | 'request-timeout'
          | 'request-in-progress'
          | 'order-shipped'
          | 'order-over'
          | 'too-many-webhook-endpoints'
          | 'too-many-api-keys'
          | 'not-enough-stock'
          | 'body-too-large'
          | 'uri-too-long'
          | 'unsupported-media-type'
          | 'invalid-order'
          | 'invalid-product'
          | 'invalid-stock-change'
          | 'invalid-webhook-endpoint'
          | 'invalid-api-key'
          | 'invalid-command'
          | 'command-refused'
          | 'invalid-query'
          | 'idempotency-key-reused'
          | 'too-many-requests'
          | 'too-many-streams'
          | 'header-too-large'
          | 'internal-error'
          | 'unavailable'
          | 'overloaded';
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The page of its `type`. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/html': string;
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getRoomPage: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The page. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'text/html': string;
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getRoomFile: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        file: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The file. */
      200: {
        headers: {
          /** @description The id of the request: yours, if it was a sane one. */
          'Request-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          '*/*': string;
        };
      };
      /** @description There is nothing here (`not-found`). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The URL is too long (`uri-too-long`). */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description There are too many requests (`too-many-requests`). */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Something went wrong on our side (`internal-error`). */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The service cannot answer now (`unavailable`). */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
}
