"""The computed values behind a proposal: head counts, who is left out and why, the shop's own rates."""

from collections.abc import Mapping

from shuke.lake.queries import Reader
from shuke.plays.values import Policy
from shuke.proposals import rules
from shuke.proposals.values import PlayFacts

_COUNTS = """
select play, count(*) as segment_people,
  count(*) filter (where reason in ('ok', 'over_capacity')) as allowed_people,
  count(*) filter (where arm = 'treated') as treated,
  count(*) filter (where arm = 'holdout') as holdout,
  coalesce(avg(base_share) filter (where arm <> 'excluded'), 0) as base_share,
  coalesce(avg(base_later_share) filter (where arm <> 'excluded'), 0) as base_later_share,
  coalesce(avg(purchase_minor) filter (where arm <> 'excluded'), 0)::double as order_minor,
  coalesce(avg(cycle_days), 0) as cycle_days,
  coalesce(avg(days_since), 0)::double as days_since,
  coalesce(avg(two_gaps_days), 0)::double as two_gaps_days
from proposal_draft group by play
"""
_REASONS = """
select play, reason, clause, count(*) as people from proposal_draft where arm = 'excluded'
group by play, reason, clause order by people desc, reason
"""
_CHANNELS = """
select play, channel, count(*) as people from proposal_draft where arm <> 'excluded'
group by play, channel order by people desc, channel
"""
_STORES = """
select play, store, count(*) as people from proposal_draft where arm <> 'excluded'
group by play, store order by people desc, store
"""
_UNKNOWN = """
select g.play, g.channel, count(*) as people from gate_channels g where g.state = 'consent_unknown'
group by g.play, g.channel order by people desc, g.channel
"""
_UNKNOWN_PEOPLE = """
select play, count(distinct customer_id) as people from gate_channels where state = 'consent_unknown' group by play
"""


class _Facts(dict[str, PlayFacts]):
    def __missing__(self, play: str) -> PlayFacts:
        self[play] = PlayFacts()
        return self[play]


def read(lake: Reader, *, policy: Policy) -> Mapping[str, PlayFacts]:
    """The facts of every play from `proposal_draft` of this run; a play without members has empty ones."""
    found = _Facts()
    for row in lake.rows(_COUNTS):
        for name, value in row.items():
            if name != "play":
                setattr(found[row["play"]], name, value)
    for sql, name in (
        (_REASONS, "excluded"),
        (_CHANNELS, "channels"),
        (_STORES, "stores"),
        (_UNKNOWN, "unknown_consent_channels"),
    ):
        for row in lake.rows(sql):
            getattr(found[row["play"]], name).append({key: value for key, value in row.items() if key != "play"})
    for row in lake.rows(_UNKNOWN_PEOPLE):
        found[row["play"]].unknown_consent_people = row["people"]
    clock = lake.row("select * from shop_clock") or {}
    margin, basis = rules.margin_of(lake.row("select * from shop_margin") or {}, policy=policy)
    for code in (row["play"] for row in lake.rows("select distinct play from play_channels")):
        facts = found[code]
        facts.margin_share, facts.margin_basis = margin, basis
        facts.second_from_days = clock.get("second_from_days", 0)
        facts.second_until_days = clock.get("second_until_days", 0)
    return found
