"""The computed values behind a proposal: head counts, who is left out and why, the shop's own rates."""

from collections.abc import Mapping
from math import fsum

from shuke.lake.queries import Reader
from shuke.proposals.values import PlayFacts

Key = tuple[str, str]

_COUNTS = """
select play, store, count(*) as segment_people,
  count(*) filter (where reason in ('ok', 'over_capacity', 'not_chosen', 'already_decided')) as allowed_people,
  count(*) filter (where arm = 'treated') as treated,
  count(*) filter (where arm = 'holdout') as holdout,
  coalesce(avg(base_share) filter (where arm <> 'excluded'), 0) as base_share,
  coalesce(avg(base_later_share) filter (where arm <> 'excluded'), 0) as base_later_share,
  coalesce(avg(purchase_minor) filter (where arm <> 'excluded'), 0)::double as order_minor,
  coalesce(avg(cycle_days) filter (where arm <> 'excluded'), 0)::double as cycle_days,
  coalesce(avg(days_since) filter (where arm <> 'excluded'), 0)::double as days_since,
  coalesce(avg(two_gaps_days) filter (where arm <> 'excluded'), 0)::double as two_gaps_days
from proposal_draft group by play, store order by play, store
"""
_REASONS = """
select play, store, reason, clause, count(*) as people from proposal_draft where arm = 'excluded'
group by play, store, reason, clause order by people desc, reason, clause
"""
_CHANNELS = """
select play, store, channel, count(*) as people from proposal_draft where arm <> 'excluded'
group by play, store, channel order by people desc, channel
"""
_STORES = """
select play, store, home_store, count(*) as people from proposal_draft where arm <> 'excluded'
group by play, store, home_store order by people desc, home_store
"""
_QUIET = """
select play, home_store, reason, count(*) as people from proposal_draft
where arm = 'excluded' and store = '' and home_store <> ''
group by play, home_store, reason order by play, home_store, people desc, reason
"""
_UNKNOWN = """
select g.play, g.channel, count(*) as people from gate_channels g where g.state = 'consent_unknown'
group by g.play, g.channel order by people desc, g.channel
"""
_UNKNOWN_PEOPLE = """
select play, count(distinct customer_id) as people from gate_channels where state = 'consent_unknown' group by play
"""


class _Facts(dict[Key, PlayFacts]):
    def __missing__(self, key: Key) -> PlayFacts:
        self[key] = PlayFacts()
        return self[key]


def read(lake: Reader, *, margin: tuple[float, str], shares: Mapping[str, float]) -> Mapping[Key, PlayFacts]:
    """The facts of every (play, store) with people from `proposal_draft` of this run; others get empty ones.

    What is known of a whole play only (channels closed for want of consent, quiet stores) stands with headquarters.
    """
    found = _Facts()
    for row in lake.rows(_COUNTS):
        for name, value in row.items():
            if name not in ("play", "store"):
                setattr(found[row["play"], row["store"]], name, value)
    for sql, name in ((_REASONS, "excluded"), (_CHANNELS, "channels")):
        for row in lake.rows(sql):
            kept = {key: value for key, value in row.items() if key not in ("play", "store")}
            getattr(found[row["play"], row["store"]], name).append(kept)
    for row in lake.rows(_STORES):
        found[row["play"], row["store"]].stores.append({"store": row["home_store"], "people": row["people"]})
    for row in lake.rows(_QUIET):
        quiet = found[row["play"], ""].quiet_stores.setdefault(row["home_store"], {})
        quiet[row["reason"]] = row["people"]
    for row in lake.rows(_UNKNOWN):
        told = {"channel": row["channel"], "people": row["people"]}
        found[row["play"], ""].unknown_consent_channels.append(told)
    for row in lake.rows(_UNKNOWN_PEOPLE):
        found[row["play"], ""].unknown_consent_people = row["people"]
    _of_whole_plays(lake, found=found, margin=margin, shares=shares)
    return found


def _of_whole_plays(lake: Reader, *, found: _Facts, margin: tuple[float, str], shares: Mapping[str, float]) -> None:
    clock = lake.row("select * from shop_clock") or {}
    for code in (row["play"] for row in lake.rows("select distinct play from play_channels")):
        found[code, ""]  # headquarters' facts exist for every play
    for facts in found.values():
        _leave_out_alone(facts)
    sums = {play: _sum(found, play=play) for play, _ in found}
    for (play, _), facts in found.items():
        facts.margin_share, facts.margin_basis = margin
        facts.second_from_days = clock.get("second_from_days", 0)
        facts.second_until_days = clock.get("second_until_days", 0)
        facts.holdout_share = shares.get(play, 0.0)
        facts.play_people, facts.play_holdout, facts.play_base_share = sums[play]


def _leave_out_alone(facts: PlayFacts) -> None:
    """Where all that a store has for a play was drawn to be held out, there is nothing to do and nothing to compare."""
    if facts.holdout and not facts.treated:
        facts.excluded.append({"reason": "held_out_alone", "clause": None, "people": facts.holdout})
        facts.holdout, facts.channels, facts.stores = 0, [], []


def _sum(found: Mapping[Key, PlayFacts], *, play: str) -> tuple[int, int, float]:
    """People of a play over its stores, those held out, and their mean base share."""
    mine = [facts for key, facts in found.items() if key[0] == play]
    people = sum(facts.treated + facts.holdout for facts in mine)
    returning = fsum(facts.base_share * (facts.treated + facts.holdout) for facts in mine)
    return people, sum(facts.holdout for facts in mine), returning / people if people else 0.0
