-- What consumers may do to an order: each through one function, granted to that consumer alone.

-- Follows the shipment. A status that is further on stays; so does that of an order which is called
-- off, unless the parcel has left. Returns what the order says then, null when there is none.
create function orders.follow_fulfilment(the_order text, became text, detail jsonb) returns text
  language plpgsql security definer set search_path = orders, pg_temp as $$
declare result text;
begin
  if became not in ('requested', 'shipped') then
    raise exception 'no fulfilment status that is followed: %', became;
  end if;
  -- Asked for with every confirmation: no row of the journal for that.
  update orders set fulfilment_status = 'requested'
    where order_id = the_order and fulfilment_status = 'none'
      and (became = 'shipped' or (status = 'confirmed' and cancel_requested_at is null));
  if became = 'shipped' then
    with moved as (
      update orders set fulfilment_status = 'shipped', updated_at = now(),
             journal_sequence = journal_sequence + 1
      where order_id = the_order and fulfilment_status = 'requested'
      returning order_id, journal_sequence)
    insert into journal (order_id, sequence, name, detail)
      select order_id, journal_sequence, 'FulfilmentShipped', follow_fulfilment.detail from moved;
  end if;
  select fulfilment_status into result from orders where order_id = the_order;
  return result;
end $$;
revoke execute on function orders.follow_fulfilment(text, text, jsonb) from public;

-- The command cancelOrder: written down here, carried out by a saga worker. Returns what became of
-- it: 'requested', or the status of an order that can not be called off any more.
create function orders.request_cancellation(the_order text, why text) returns text
  language plpgsql security definer set search_path = orders, pg_temp as $$
declare found record;
begin
  select status, fulfilment_status, cancel_requested_at into found
    from orders where order_id = the_order for update;
  if found is null then return null; end if;
  if found.fulfilment_status = 'shipped' then return 'shipped'; end if;
  if found.status not in ('pending', 'confirmed') then return found.status; end if;
  if found.cancel_requested_at is null then
    with asked as (
      update orders set cancel_requested_at = now(), updated_at = now(),
             journal_sequence = journal_sequence + 1
      where order_id = the_order returning journal_sequence)
    insert into journal (order_id, sequence, name, detail)
      select the_order, journal_sequence, 'CancellationRequested',
             jsonb_build_object('orderStatus', found.status, 'why', why) from asked;
    perform pg_notify('saga_work', 'cancellation');
  end if;
  return 'requested';
end $$;
revoke execute on function orders.request_cancellation(text, text) from public;
