-- table: store_names
-- gives: for each way in which a source writes a store, the one name used everywhere
-- filled by: reference.actions.build by rules.canonical_names
-- grain: source, written
-- scope: none
-- sort: source, written
create table store_names (
  source varchar not null,
  written varchar not null,              -- exactly as in the staged rows
  store varchar not null,
  channel varchar not null               -- store | online
);
