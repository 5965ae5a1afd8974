-- table: contact_blocks
-- gives: people whom a reply or a draw keeps out for some days or for ever
-- filled by: procedures.week from touches (asked not to be contacted, complained) and proposals (held out, already decided this week)
-- grain: customer_id, reason
-- scope: customer
-- sort: customer_id
create table contact_blocks (
  customer_id bigint not null,
  reason varchar not null,               -- refused_contact | complaint_open | holdout_watch | already_in_play
  since_on date not null,
  until_on date                          -- first day on which it no longer holds; null: for ever
);
