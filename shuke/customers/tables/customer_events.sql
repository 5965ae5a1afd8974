-- table: customer_events
-- gives: what happened to each customer id, append-only: created, merged, split, moved, pinned, with reason, rules and run
-- filled by: customers.actions.events
-- grain: run, customer_id, kind, other_id, decision_id
-- scope: none
-- sort: customer_id
-- note: holds opaque ids and codes only. leads_to is whom the id stands for from this instant on (itself, the customer
-- note: that it was merged into, 0 nobody); null where the event does not change that.
create table customer_events (
  customer_id bigint not null,
  "at" timestamp not null,
  kind varchar not null,
  other_id bigint,
  leads_to bigint,
  records bigint not null,
  reason varchar not null,
  evidence varchar not null,             -- codes of what tied or parted the records, with commas
  rule_version varchar not null,
  run bigint not null,
  "by" varchar not null,
  decision_id bigint
);
