-- table: loyalty_facts
-- gives: one row a fact of the points ledger, as it was told in the commit that caused it
-- filled by: procedures.flush_outbox, in the order of the positions
-- grain: position
-- scope: system
-- sort: position
-- note: appended only. A fact of a bulk job tells of many transactions at once (kind ends in _many, payload {"many": [...]}).
create table loyalty_facts (
  position bigint not null,
  fact_id bigint not null,
  kind varchar not null,                 -- loyalty. and the kind of the transaction: loyalty.earn, loyalty.burn, loyalty.merge ...
  key varchar not null,
  account_id bigint not null,
  event_at timestamp not null,
  recorded_at timestamp not null,
  payload varchar not null               -- JSON: txn, account, customer, points, entries, order, store, business day
);
