import type { Kysely } from 'kysely';
import type { Logger } from '../../platform/log';
import type { HoldState } from '../participants/inventory';
import { moveOrder, type Order, type OrdersSchema } from '../participants/orders';
import type { PaymentState } from '../participants/payment';
import { call } from './call';

/** Places an order by asking one service after the other, while the customer waits. */
export class PlaceOrder {
  constructor(
    private readonly db: Kysely<OrdersSchema>,
    private readonly logger: Logger,
  ) {}

  /** The order with its outcome. Throws when a service stays silent: the order is pending then. */
  async place(order: Order): Promise<Order> {
    const hold = await call<{ state: HoldState }>('inventory', 'reserve', wanted(order));
    if (hold.state === 'refused') return this.#end(order, 'pending', 'rejected', 'out_of_stock');
    const payment = await call<{ state: PaymentState }>('payment', 'authorize', charge(order));
    if (payment.state === 'declined') return this.undo(order, 'card_declined');
    const confirmed = await moveOrder(this.db, order.order_id, 'pending', 'confirmed');
    // The sweep was faster, and undoes what was done here.
    if (!confirmed) return this.#find(order);
    await this.capture(confirmed);
    const mail = { orderId: order.order_id, email: order.email };
    await this.#try('mail', () => call('notification', 'confirm', mail));
    return confirmed;
  }

  /** Takes the money of an order that stands, as far as the payment service answers. */
  async capture(order: Order): Promise<void> {
    await this.#try('capture', async () => {
      await call('payment', 'capture', charge(order));
      await this.db
        .updateTable('orders')
        .set({ is_captured: true })
        .where('order_id', '=', order.order_id)
        .execute();
    });
  }

  /** The way back; what fails half-way is `undoing`, and gone through again by the sweep. */
  async undo(order: Order, code: string): Promise<Order> {
    const undoing =
      order.status === 'undoing'
        ? order
        : await moveOrder(this.db, order.order_id, 'pending', 'undoing', code);
    if (!undoing) return this.#find(order);
    try {
      await call('payment', 'void', charge(order));
      await call('inventory', 'release', wanted(order));
    } catch (err) {
      this.logger.warn({ err, orderId: order.order_id }, 'not undone yet');
      return undoing;
    }
    return this.#end(order, 'undoing', code === 'timed_out' ? 'failed' : 'rejected', code);
  }

  async #end(order: Order, from: Order['status'], to: Order['status'], code: string) {
    return (await moveOrder(this.db, order.order_id, from, to, code)) ?? this.#find(order);
  }

  /** What can be lost without losing the order. */
  async #try(what: string, attempt: () => Promise<unknown>): Promise<void> {
    await attempt().catch((err: unknown) => {
      this.logger.error({ err }, `the order stands, but its ${what} failed`);
    });
  }

  async #find({ order_id: orderId }: Order): Promise<Order> {
    const found = this.db.selectFrom('orders').selectAll().where('order_id', '=', orderId);
    return found.executeTakeFirstOrThrow();
  }
}

function wanted({ order_id: orderId, sku, quantity }: Order) {
  return { orderId, sku, quantity };
}

function charge({ order_id: orderId, total_minor: amountMinor, payment_method }: Order) {
  return { orderId, amountMinor, currency: 'EUR', paymentMethod: payment_method };
}
