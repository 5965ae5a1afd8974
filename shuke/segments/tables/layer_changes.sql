-- table: layer_changes
-- gives: one row a customer and week in which the value layer became another: what the next week's hysteresis starts from
-- filled by: segments.actions
-- grain: customer_id, as_of
-- scope: customer
-- sort: as_of, customer_id
-- note: computing a day drops what stood from that day on, so that a week run twice or replayed gives the same layers.
create table layer_changes (
  customer_id bigint not null,
  as_of date not null,
  layer varchar not null,
  before_layer varchar                   -- null: the first week
);
