"""This week's proposals, one in full, and who is in them."""

from collections.abc import Mapping
from typing import Any

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.money import exponent, symbol
from shuke.lake.queries import Reader
from shuke.plays import queries as plays
from shuke.plays import rules as play_rules
from shuke.plays.values import Policy
from shuke.proposals import rules
from shuke.proposals.actions.review import UnknownProposal
from shuke.proposals.adapters import definition
from shuke.proposals.models import Proposal
from shuke.proposals.values import Card, Detail, Example, Excluded, Gain, WeekView
from shuke.segments.adapters import definition as segment_definition
from shuke.segments.rules import reason_sentence

_EXAMPLES = 5


def this_week(actor: Actor, *, language: str) -> WeekView:
    """The latest week's proposals, the surest gain first. A store scope sees the same cards; their people are cut."""
    require(actor, Permission.SEE_PROPOSALS)
    latest = Proposal.objects.order_by("-as_of").first()
    if latest is None:
        return WeekView(None, (), (), 0, 0, 0, 0, 0, 0, 0, 0)
    held = list(Proposal.objects.filter(as_of=latest.as_of).order_by("-gain_low_minor", "id"))
    chosen = [proposal for proposal in held if proposal.state != "draft"]
    open_ones = [proposal for proposal in chosen if proposal.state != "rejected"]
    low, mid, high = rules.total_range([_gain(proposal) for proposal in open_ones])
    return WeekView(
        as_of=latest.as_of,
        cards=tuple(_card(proposal, language=language) for proposal in chosen),
        not_proposed=tuple(_card(proposal, language=language) for proposal in held if proposal.state == "draft"),
        people=sum(proposal.people for proposal in open_ones),
        holdout=sum(proposal.holdout for proposal in open_ones),
        cost_minor=sum(proposal.cost_minor for proposal in open_ones),
        gain_low_minor=low,
        gain_minor=mid,
        gain_high_minor=high,
        unknown_consent_people=sum(p.evidence["unknown_consent"]["people"] for p in held),
        unknown_consent_lost=sum(p.evidence["unknown_consent"]["lost"] for p in held),
    )


def open_ids(actor: Actor) -> list[int]:
    """Numbers of the latest week's proposals that wait for a decision."""
    require(actor, Permission.SEE_PROPOSALS)
    latest = Proposal.objects.order_by("-as_of").first()
    if latest is None:
        return []
    return list(
        Proposal.objects.filter(as_of=latest.as_of, state="proposed").order_by("id").values_list("id", flat=True)
    )


def detail(actor: Actor, *, lake: Reader, proposal_id: int, policy: Policy, language: str) -> Detail:
    """A proposal in full, with five real people of the actor's stores and the exact words that they would get."""
    require(actor, Permission.SEE_PROPOSALS)
    proposal = Proposal.objects.filter(pk=proposal_id).first()
    if proposal is None:
        raise UnknownProposal(f"There is no proposal {proposal_id}.", hint="Go back to this week.")
    short = _short(language)
    found = proposal.evidence
    return Detail(
        card=_card(proposal, language=language),
        funnel=tuple((definition("sentences")["funnel"][code][short], people) for code, people in found["funnel"]),
        excluded=tuple(_excluded(row, policy=policy, short=short) for row in found["excluded"]),
        examples=tuple(examples(actor, lake=lake, proposal=proposal, language=language)),
        clauses=tuple(_clauses(proposal, policy=policy, language=language)),
        stores=tuple((row["store"], row["people"]) for row in found["stores"] if _sees(actor, row["store"])),
        scripts={tone: texts[short] for tone, texts in proposal.plan["scripts"].items()},
        evidence=found,
        versions=tuple(
            {"version": r.version, "verb": r.verb, "actor": r.actor, "at": r.at, "reason": r.reason}
            for r in proposal.reviews.order_by("-version")
        ),
    )


def examples(actor: Actor, *, lake: Reader, proposal: Proposal, language: str) -> list[Example]:
    """Five people drawn by their stored draw (the same each time), with the words as they would be sent."""
    short = _short(language)
    rows = lake.rows(
        "select p.*, c.name, c.gender, s.second_from_days, s.second_until_days from proposal_people p"
        " left join customer_profiles c on c.customer_id = p.customer_id cross join shop_clock s"
        " where p.proposal = $proposal and p.arm = 'treated' order by p.draw, p.customer_id limit $limit",
        proposal=proposal.pk,
        limit=_EXAMPLES,
    )
    made = []
    for row in rows:
        title = play_rules.title_of(row["name"], gender=row["gender"], language=short)
        facts = {**row, "store": row["home_store"]}
        tone = play_rules.tone_for(row["channel"], tone=proposal.plan["tone"])
        script = proposal.plan["scripts"][tone][short]
        made.append(
            Example(
                customer_id=row["customer_id"],
                name=row["name"] or "",
                store=row["home_store"],
                associate=row["associate"],
                channel=definition("sentences")["channels"][row["channel"]][short],
                why=reason_sentence(
                    segment_definition(row["segment"]), reason=row["segment_reason"], facts=row, language=language
                ),
                words=plays.words(actor, script=script, facts=facts, title=title, language=short),
            )
        )
    return made


def people(
    actor: Actor, *, lake: Reader, proposal_id: int, arm: str = "treated", limit: int = 100, skip: int = 0
) -> list[dict[str, Any]]:
    """Rows of `proposal_people` of one arm, the most valuable first, cut to the actor's stores."""
    require(actor, Permission.SEE_PROPOSALS)
    return lake.rows(
        "select * from proposal_people where proposal = $proposal and arm = $arm"
        " order by value_minor desc, customer_id limit $limit offset $skip",
        proposal=proposal_id,
        arm=arm,
        limit=limit,
        skip=skip,
    )


def _card(proposal: Proposal, *, language: str) -> Card:
    """A proposal as a list shows it, its sentences in the language asked for."""
    short = _short(language)
    texts = definition("sentences")
    facts = _sentence_facts(proposal, short=short)
    own = texts["plays"].get(proposal.play, {})
    title = own["title"][short] if proposal.people and own else texts["none"]["title"][short]
    return Card(
        id=proposal.pk,
        as_of=proposal.as_of,
        play=proposal.play,
        play_name=proposal.plan[short],
        segment=proposal.segment,
        segment_name=segment_definition(proposal.segment)[short],
        store=proposal.store,
        state=proposal.state,
        version=proposal.version,
        title=title.format_map(facts),
        why_now=own["why"][short].format_map(facts) if proposal.people and own else "",
        what=texts["what"][short].format_map(facts) if proposal.people else "",
        people=proposal.people,
        treated=proposal.treated,
        holdout=proposal.holdout,
        excluded=proposal.excluded,
        channel=proposal.channel,
        offer=proposal.plan["offer"][short],
        best_time=str(facts["best_time"]),
        currency=proposal.currency,
        cost_minor=proposal.cost_minor,
        gain_minor=proposal.gain_minor,
        gain_low_minor=proposal.gain_low_minor,
        gain_high_minor=proposal.gain_high_minor,
        basis=proposal.basis,
        notes=tuple(_notes(proposal, facts=facts, short=short)),
        reason=proposal.reason,
        decided_by=proposal.decided_by,
        decided_at=proposal.decided_at,
    )


def _sentence_facts(proposal: Proposal, *, short: str) -> dict[str, Any]:
    """Every value that a sentence about a proposal may name, as it is shown."""
    found = proposal.evidence
    texts = definition("sentences")
    joiner = "、" if short == "zh" else ", "
    days = joiner.join(texts["weekdays"][short][day - 1] for day in proposal.plan["weekdays"])
    unit = 10 ** exponent(proposal.currency)
    return {
        "people": f"{proposal.people:,}",
        "play_name": proposal.plan[short],
        "channels": joiner.join(texts["channels"][row["channel"]][short] for row in found["channels"]),
        "offer": proposal.plan["offer"][short],
        "best_time": f"{days} {proposal.plan['best_time']}",
        "lost": f"{found['unknown_consent']['lost']:,}",
        "margin": f"{found['margin_share']:.0%}",
        "clause": found["margin_clause"],
        "order": f"{symbol(proposal.currency)}{found['order_minor'] / unit:,.0f}",
        "base": _in_hundred(found["base_share"]),
        "later": _in_hundred(found["base_later_share"]),
        **{key: round(found[key]) for key in ("cycle_days", "days_since", "two_gaps_days", "measure_days")},
        **{key: found[key] for key in ("second_from_days", "second_until_days")},
    }


def _in_hundred(share: float) -> str:
    return f"{share * 100:.0f}" if share >= 0.0095 else f"{share * 100:.1f}"


def _notes(proposal: Proposal, *, facts: Mapping[str, Any], short: str) -> list[str]:
    found = proposal.evidence
    holds = {
        "too_few": found["too_few"],
        "unknown_consent": found["unknown_consent"]["lost"] > 0,
        "margin_assumed": found["margin_basis"] == "assumed" and proposal.people > 0,
        "prior": proposal.basis == "prior" and proposal.people > 0,
    }
    return [definition("sentences")["notes"][code][short].format_map(facts) for code, shown in holds.items() if shown]


def _excluded(row: Mapping[str, Any], *, policy: Policy, short: str) -> Excluded:
    clause = policy.clauses.get(row["clause"] or "")
    words = definition("sentences")["reasons"][row["reason"]][short]
    return Excluded(
        reason=row["reason"],
        words=words,
        people=row["people"],
        clause=row["clause"] or "",
        clause_words=clause.words(short) if clause else "",
    )


def _clauses(proposal: Proposal, *, policy: Policy, language: str) -> list[tuple[str, str]]:
    """The clauses that bear on a proposal, quoted: those that keep people out, its channels', offers and hours."""
    numbers = {row["clause"] for row in proposal.evidence["excluded"] if row["clause"]}
    numbers |= {policy.clause(name) for name in ("touches_per_7_days", "quiet_from", "holdout_share")}
    if proposal.segment in policy.service_first_segments:
        numbers.add(policy.clause("service_first_segments"))
    known = sorted(number for number in numbers if number in policy.clauses)
    return [(number, policy.clauses[number].words(language)) for number in known]


def _gain(proposal: Proposal) -> Gain:
    return Gain(
        low_minor=proposal.gain_low_minor,
        mid_minor=proposal.gain_minor,
        high_minor=proposal.gain_high_minor,
        cost_minor=proposal.cost_minor,
    )


def _sees(actor: Actor, store: str) -> bool:
    return actor.stores is None or store in actor.stores


def _short(language: str) -> str:
    return "zh" if language.startswith("zh") else "en"


def treated(actor: Actor, *, lake: Reader, proposal_id: int) -> list[dict[str, Any]]:
    """The people to be contacted of one proposal, each with the source record that names them best."""
    require(actor, Permission.REVIEW_PROPOSALS)
    return lake.rows(_TREATED, proposal=proposal_id)


def staff_by_store(actor: Actor, *, lake: Reader) -> dict[str, list[str]]:
    """Associates who sold in the last 90 days of the data, by store."""
    require(actor, Permission.REVIEW_PROPOSALS)
    rows = lake.rows(
        "select store, associate from associates where store is not null"
        " and date_diff('day', last_seen_on, (select max(last_seen_on) from associates)) <= 90"
        " order by store, associate"
    )
    team: dict[str, list[str]] = {}
    for row in rows:
        team.setdefault(row["store"], []).append(row["associate"])
    return team


# A member's card says more to a store than an order number or a contact id.
_TREATED = """
with mine as (
  select * from proposal_people where proposal = $proposal and arm = 'treated'
),
records as (
  select i.customer_id, i.source, i.source_row_id, row_number() over (
    partition by i.customer_id
    order by case when i.source = 'member' then 1 when i.source = 'person' then 2 when i.source = 'wecom' then 3
      else 4 end,
      i.source, i.source_row_id
  ) as place
  from identity i
  join mine m on m.customer_id = i.customer_id
)
select m.*, r.source, r.source_row_id, s.second_from_days, s.second_until_days
from mine m
left join records r on r.customer_id = m.customer_id and r.place = 1
cross join shop_clock s
order by m.customer_id
"""
