-- table: trial_people
-- gives: one row a person of a play watched for a week or longer: the arm drawn, what they bought so far, what was known before
-- filled by: procedures.close_loops when the outcomes of a run are measured
-- grain: play, as_of, customer_id
-- scope: customer
-- sort: play, as_of, customer_id
-- note: the facts are those of the day of the draw, kept with it: nothing here was known later than the play began.
create table trial_people (
  play varchar not null,
  as_of date not null,
  customer_id bigint not null,
  treated boolean not null,
  propensity double not null,            -- the chance with which the draw treated the person
  bought boolean not null,
  net_minor bigint not null,
  orders integer not null,
  orders_365 integer not null,
  days_since integer not null,
  cycle_days double not null,
  purchase_minor bigint not null,
  value_minor bigint not null,
  base_share double
);
