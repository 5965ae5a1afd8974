-- table: arm_changes
-- gives: the final arms of proposals that somebody edited before approval: all their drawn people
-- filled by: procedures.week from the edits of approved proposals and the stored draw
-- grain: proposal, customer_id
-- scope: store
-- sort: proposal, customer_id
-- note: a proposal without rows here stands as it was drawn. Proof reads arm and propensity from here before proposal_people.
-- note: taking somebody out by hand takes the task away, never the arm: proof compares people as they were drawn.
create table arm_changes (
  proposal bigint not null,
  customer_id bigint not null,
  store varchar not null,
  arm varchar not null,                  -- treated | holdout, by the stored draw and the share as approved
  removed boolean not null,              -- taken out by hand: no task
  propensity double not null             -- the chance of this arm
);
