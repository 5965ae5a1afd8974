-- table: proposal_people
-- gives: one row a drawn person and proposal: the arm drawn, kept for ever, and the facts it rested on
-- filled by: procedures.week from proposal_draft; a decided proposal's rows are never replaced
-- grain: proposal, customer_id
-- scope: store
-- sort: proposal, customer_id
-- note: no personal value stands here: names are put into words when a page or sheet is written.
create table proposal_people (
  proposal bigint not null,
  as_of date not null,
  play varchar not null,
  segment varchar not null,
  customer_id bigint not null,
  arm varchar not null,                  -- treated | holdout, as drawn; edits before approval stand in arm_changes
  reason varchar not null,
  clause varchar,
  draw double not null,
  propensity double,
  channel varchar,
  store varchar not null,                -- who does it: '' = headquarters
  associate varchar not null,            -- '' = shared out fairly in the store at approval
  home_store varchar not null,
  value_minor bigint not null,
  since_on date,
  segment_reason varchar not null,
  segment_facts varchar,                 -- JSON text: the values that the segment's sentence names
  purchase_minor bigint not null,
  cycle_days double not null,
  days_since integer not null,
  orders integer not null,
  orders_365 integer not null,
  two_gaps_days integer,
  last_product varchar,
  favourite_category varchar,
  replenish_product varchar,
  returned_product varchar,
  newest_product varchar,
  coupon_expires_on date,
  base_share double,
  base_later_share double
);
