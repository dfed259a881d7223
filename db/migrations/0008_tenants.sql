-- Who owns an order: a shop, a market place, a brand. An idempotency key is kept by caller, which is
-- the tenant, or one of its customers who calls for himself.
alter table orders.orders rename column caller to tenant;
create index orders_by_tenant on orders.orders (tenant, order_id);
create index orders_by_customer on orders.orders (tenant, customer_id, order_id);
create index orders_by_status on orders.orders (tenant, status, order_id);
