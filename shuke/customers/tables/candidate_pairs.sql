-- table: candidate_pairs
-- gives: pairs of evidence whose tie is likely but not certain, and a random sample of all ties for labelling
-- filled by: customers.actions.pairs.write_pairs
-- grain: left_evidence, right_evidence, stratum
-- scope: system
create table candidate_pairs (
  left_evidence bigint not null,
  right_evidence bigint not null,
  probability double not null,           -- that both are one person
  reason varchar not null,
  joined boolean not null,               -- one customer in the partition in use
  refused boolean not null,              -- a guard refused the tie
  stratum varchar not null,              -- queue; of the sample: automatic | probable | apart
  population bigint not null             -- of the sample: how many ties its stratum has
);
