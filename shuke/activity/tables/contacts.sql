-- table: contacts
-- gives: one row a touch that reached a customer, as the last week knew it
-- filled by: procedures.week from the touches of earlier weeks
-- grain: customer_id, touched_on, play
-- scope: customer
-- sort: customer_id, touched_on
create table contacts (
  customer_id bigint not null,
  touched_on date not null,
  channel varchar not null,
  play varchar not null,
  outcome varchar                        -- code of touches/definitions/outcomes.yaml; null: no answer yet
);
