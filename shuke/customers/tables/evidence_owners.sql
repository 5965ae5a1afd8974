-- table: evidence_owners
-- gives: whom each evidence belongs to; evidence on a number that changed hands has one row a period
-- filled by: customers.actions.resolve
-- grain: evidence_id, from_at
-- scope: system
create table evidence_owners (
  evidence_id bigint not null,
  from_at timestamp not null,            -- records seen at or after this instant
  until_at timestamp not null,           -- and before this one
  customer_id bigint,                    -- null: nobody can be known
  customer_id_automatic bigint,
  probability double not null,
  band varchar not null,                 -- automatic | probable | alone
  reason varchar not null
);
