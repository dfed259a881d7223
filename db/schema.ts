import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { ClosedStatus, FulfilmentStatus, OrderStatus, PaymentStatus } from '../domain/order';

/** A value that the database sets and only the database changes. */
type SetByDatabase<T> = ColumnType<T, never, never>;

interface OrderRow {
  order_id: string;
  tenant: string;
  customer_id: string;
  customer_email: string;
  customer_name: string | null;
  payment_method: string;
  currency: string;
  total_minor: number;
  status: Generated<OrderStatus>;
  payment_status: Generated<PaymentStatus>;
  fulfilment_status: Generated<FulfilmentStatus>;
  outcome_code: string | null;
  needs_attention: Generated<string[]>;
  journal_sequence: Generated<number>;
  event_sequence: Generated<number>;
  traceparent: string | null;
  created_at: SetByDatabase<Date>;
  updated_at: Generated<Date>;
  saga_started_at: Date | null;
  abandoned_at: Date | null;
  abandoned_as: ClosedStatus | null;
  abandoned_code: string | null;
  cancel_requested_at: Date | null;
  cancel_relayed_at: Date | null;
  request_id: string | null;
}

interface OrderLineRow {
  order_id: string;
  line_number: number;
  sku: string;
  quantity: number;
  unit_price_minor: number;
}

interface IdempotencyKeyRow {
  caller: string;
  key: string;
  body_hash: string;
  order_id: string;
  outcome_answer: JSONColumnType<object> | null;
  created_at: SetByDatabase<Date>;
  expires_at: Date;
}

interface JournalRow {
  journal_id: SetByDatabase<number>;
  order_id: string;
  sequence: number;
  name: string;
  detail: Generated<unknown>;
  recorded_at: SetByDatabase<Date>;
  event_id: string | null;
  event_type: string | null;
  event_sequence: number | null;
  event_body: string | null;
  stream_id: string | null;
  published_at: Date | null;
}

interface ProductRow {
  sku: string;
  name: string;
  unit_price_minor: number;
  currency: string;
  low_stock_threshold: Generated<number>;
}

interface StockRow {
  sku: string;
  on_hand: number;
  reserved: Generated<number>;
}

/** Where a hold stands: `released` is also the tombstone that refuses a late reserve. */
export type HoldState = 'held' | 'committed' | 'released' | 'returned';

interface HoldRow {
  order_id: string;
  state: HoldState;
  created_at: SetByDatabase<Date>;
  settled_at: Date | null;
}

interface HoldLineRow {
  order_id: string;
  sku: string;
  quantity: number;
}

/** Where a payment stands: `voided` is also the tombstone that refuses a late authorization. */
export type PaymentState =
  'authorizing' | 'authorized' | 'declined' | 'voided' | 'captured' | 'refunded';

interface PaymentRow {
  order_id: string;
  amount_minor: number;
  currency: string;
  state: PaymentState;
  intent_id: string | null;
  decline_code: string | null;
  created_at: SetByDatabase<Date>;
  updated_at: Generated<Date>;
}

interface WebhookEventRow {
  webhook_event_id: string;
  event_type: string;
  intent_id: string | null;
  received_at: SetByDatabase<Date>;
  settled_at: Date | null;
  attempts: Generated<number>;
  due_at: Generated<Date>;
  result: string | null;
}

interface ApiKeyRow {
  key_id: string;
  tenant: string;
  revoked_at: Date | null;
  revoked_by: string | null;
}

/** The tables of the orchestrated side, as Kysely sees them. */
export interface OrdersSchema {
  'orders.orders': OrderRow;
  'orders.order_lines': OrderLineRow;
  'orders.idempotency_keys': IdempotencyKeyRow;
  'orders.journal': JournalRow;
  'inventory.products': ProductRow;
  'inventory.stock': StockRow;
  'inventory.holds': HoldRow;
  'inventory.hold_lines': HoldLineRow;
  'payments.payments': PaymentRow;
  'payments.webhook_events': WebhookEventRow;
  'access.api_keys': ApiKeyRow;
}
