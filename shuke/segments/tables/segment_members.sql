-- table: segment_members
-- gives: one row a member of a segment, since when, why, and what a year of this customer is worth
-- filled by: segments.actions, from the rules of definitions/<segment>.yaml, the shop's own files and its own segments
-- grain: segment, customer_id
-- scope: customer
-- sort: segment, customer_id
-- note: value_minor = own average purchase x purchases that fit in a year at the own pace (at most one a week); 0 without a purchase.
create table segment_members (
  segment varchar not null,              -- a ready segment's code, or own_ and a number
  customer_id bigint not null,
  as_of date not null,
  since_on date not null,
  reason varchar not null,               -- names a sentence of the definition
  value_minor bigint not null,
  store varchar not null,                -- home store as in segment_facts
  facts varchar not null                 -- JSON text: the values that the sentence names
);
