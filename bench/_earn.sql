-- The steps of a full earn, bare: what the database itself takes for them, one function and one commit a purchase.
-- Key and order are looked up, account and balance are locked, growth is read, seven rows are written.
create sequence if not exists bench_orders;
create or replace function bench_earn(p_account bigint) returns bigint language plpgsql as $$
declare
  n bigint := nextval('bench_orders');
  v_txn bigint; v_lot bigint; v_head text; v_growth bigint; v_text text; v_now timestamptz := clock_timestamp();
begin
  perform 1 from loyalty_txn where client = 'pgbench' and key = 'k' || n;
  perform 1 from loyalty_account a join loyalty_balance b on b.account_id = a.id where a.group_id = p_account;
  select b.head into v_head from loyalty_account a join loyalty_balance b on b.account_id = a.id
    where a.id = p_account for no key update of b;
  perform id, expires_at from loyalty_hold where account_id = p_account and state = 'open';
  perform coalesce(sum(free), 0) from loyalty_lot where account_id = p_account and free > 0 and available_at > v_now;
  perform coalesce(sum(free), 0) from loyalty_lot where account_id = p_account and free > 0 and expires_at <= v_now;
  perform counts_on, sum(points) from loyalty_growth where account_id = p_account group by counts_on;
  perform tier, since, until from loyalty_tier where account_id = p_account order by id desc limit 1;
  perform 1 from loyalty_order where programme = 'main' and source = 'pgbench' and order_no = 'o' || n;
  v_txn := nextval('loyalty_txn_id_seq'); v_lot := nextval('loyalty_lot_id_seq');
  v_text := encode(sha256((v_head || n)::bytea), 'hex');
  insert into loyalty_txn (id, account_id, kind, client, key, request_hash, answer, at, recorded_at, business_on, store,
      channel, order_source, order_no, reason, actor, previous, hash)
    values (v_txn, p_account, 'earn', 'pgbench', 'k' || n, v_text,
      '{"txn": 1, "member": "M1", "kind": "earn", "points": 128, "balance": {"available": 128, "pending": 0, "held": 0, '
      '"owed": 0, "expired": 0}, "tier": "basic", "details": {"lot": 1, "growth": 128, "available_at": "2026-11-23"}}',
      v_now, v_now, current_date, 'S1', 'store', 'pgbench', 'o' || n, '', 'pgbench', coalesce(v_head, ''), v_text);
  insert into loyalty_lot (id, account_id, txn_id, kind, points, free, held, expired, available_at, expires_at,
      order_source, order_no, created_at)
    values (v_lot, p_account, v_txn, 'earn', 128, 128, 0, 0, v_now, v_now + interval '12 months', 'pgbench', 'o' || n, v_now);
  insert into loyalty_entry (txn_id, account_id, lot_id, source, target, points, at)
    values (v_txn, p_account, v_lot, 'issued', 'free', 128, v_now);
  insert into loyalty_order (programme, source, order_no, role, account_id, txn_id, lot_id, amount_minor, currency,
      points, refunded_minor, settled, forgiven, growth, multiplier_thousandths, parts, bought_on)
    values ('main', 'pgbench', 'o' || n, 'earn', p_account, v_txn, v_lot, 12800, 'CNY', 128, 0, 0, 0, 128, 1000, '[]',
      current_date);
  insert into loyalty_growth (txn_id, account_id, kind, points, at, counts_on, order_source, order_no, reason)
    values (v_txn, p_account, 'earn', 128, v_now, current_date, 'pgbench', 'o' || n, '');
  insert into outbox_fact (kind, key, object_id, payload, at, recorded_at)
    values ('loyalty.earn', 'txn:' || v_txn, p_account, jsonb_build_object('txn', v_txn, 'account', p_account,
      'member_no', 'M1', 'kind', 'earn', 'points', 128, 'store', 'S1', 'order_no', 'o' || n), v_now, v_now);
  update loyalty_balance set free = free + 128, issued = issued + 128, head = v_text where account_id = p_account;
  return v_txn;
end $$;
