"""Drawing a week's proposals in a run of the lake."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Max

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.clock import utc_now
from shuke.kernel.money import exponent
from shuke.lake.actions import Run
from shuke.lake.rules import literal
from shuke.plays.values import Idle, Play, Policy
from shuke.proposals import rules
from shuke.proposals.actions import evidence, sizing
from shuke.proposals.actions.review import record
from shuke.proposals.models import Proposal
from shuke.proposals.queries.kept import kept
from shuke.proposals.values import PlayFacts

_COLUMNS = (
    "segment, customer_id, arm, reason, clause, draw, propensity, channel, store, associate, home_store, value_minor,"
    " since_on, segment_reason, segment_facts, purchase_minor, cycle_days, days_since, orders, orders_365,"
    " two_gaps_days, last_product, favourite_category, replenish_product, returned_product, newest_product,"
    " coupon_expires_on, base_share, base_later_share"
)
_NOBODY = "('', '', null::bigint)"
Key = tuple[str, str]


def draft(
    actor: Actor,
    *,
    run: Run,
    parameters: Mapping[str, Any],
    plays: Sequence[Play],
    idle: Sequence[Idle] = (),
    policy: Policy,
) -> list[Proposal]:
    """Draws the people of every play as of `parameters['as_of']` and returns the proposals, not yet saved.

    One proposal a play and store that has people for it, and one of headquarters a play, which says why where nobody
    can be asked; `idle` plays get only that one. `proposal_people` of this run holds everybody's arm; those of
    proposals that were already decided, or edited by hand, stay as they are. Raises `NotNow` where a later week is
    under way.
    """
    require(actor, Permission.REVIEW_PROPOSALS)
    as_of: date = parameters["as_of"]
    _check_order(as_of)
    known = {(proposal.play, proposal.store): proposal for proposal in Proposal.objects.filter(as_of=as_of)}
    decided = {(proposal.play, proposal.store) for proposal in kept(actor, as_of=as_of)}
    margin = rules.margin_of(run.reader().row("select * from shop_margin") or {}, policy=policy)
    shares = _line_up(run, parameters=parameters, plays=plays, policy=policy, margin=margin[0], decided=decided)
    found = evidence.read(run.reader(), margin=margin, shares=shares)
    made = []
    for proposal, play in _numbered(as_of, plays=plays, keys=(set(found) | set(known)) - decided, known=known):
        facts = found[play.code, proposal.store] if (play.code, proposal.store) in found else PlayFacts()
        _fill(proposal, play=play, facts=facts, policy=policy, currency=parameters["currency"])
        made.append(proposal)
    rest = [*idle, *_gone(known, plays=plays, idle=idle)]
    for proposal, resting in _resting(as_of, idle=rest, known=known, decided=decided, after=made):
        _fill(proposal, play=resting.play, facts=PlayFacts(), policy=policy, currency=parameters["currency"])
        proposal.evidence["idle"] = {"zh": resting.zh, "en": resting.en}
        made.append(proposal)
    _write_people(run, as_of=as_of, made=made)
    run.build(["plan_coverage"], parameters=parameters)
    return made


def _check_order(as_of: date) -> None:
    """A week before one that is under way would not know whom that one contacts and holds out."""
    later = Proposal.objects.filter(as_of__gt=as_of, state__in=("approved", "exported")).order_by("as_of").first()
    if later is not None:
        raise rules.NotNow(
            f"The week of {later.as_of} is under way; the week of {as_of} cannot be planned after it.",
            hint=f"Plan the week of {later.as_of} again, or a later one.",
        )


def _line_up(
    run: Run,
    *,
    parameters: Mapping[str, Any],
    plays: Sequence[Play],
    policy: Policy,
    margin: float,
    decided: set[Key],
) -> Mapping[str, float]:
    """From the gate's answers to arms; returns the share held out by play."""
    given = {
        **parameters,
        **rules.capacity_of(policy),
        "measure_days": policy.measure_days,
        "clause_capacity": policy.clause("tasks_per_associate_day"),
        "clause_chosen": policy.clause("proposals_max"),
        "clause_decided": policy.clause("same_play_rest_days"),
    }
    run.build(["proposal_candidates"], parameters=given)
    sizing.write_choices(run, parameters=parameters, plays=plays, policy=policy, margin_share=margin, decided=decided)
    run.build(["proposal_line_up"], parameters=given)
    shares = sizing.write_draws(run, as_of=parameters["as_of"], plays=plays, policy=policy)
    run.build(["proposal_draft"], parameters=given)
    return shares


def _numbered(
    as_of: date, *, plays: Sequence[Play], keys: set[Key], known: Mapping[Key, Proposal]
) -> list[tuple[Proposal, Play]]:
    """Proposals to be filled, by priority of their play and then by store, headquarters first; new ones get numbers."""
    number = Proposal.objects.aggregate(last=Max("id"))["last"] or 0
    listed = []
    for play in plays:
        for store in sorted(store for code, store in keys if code == play.code):
            proposal = known.get((play.code, store))
            if proposal is None:
                number += 1
                proposal = _new(number, as_of=as_of, play=play, store=store)
            listed.append((proposal, play))
    return listed


def _resting(
    as_of: date,
    *,
    idle: Sequence[Idle],
    known: Mapping[Key, Proposal],
    decided: set[Key],
    after: Sequence[Proposal],
) -> list[tuple[Proposal, Idle]]:
    """Headquarters' proposal of each play that rests, and those of stores that an earlier run of this week made."""
    number = max([Proposal.objects.aggregate(last=Max("id"))["last"] or 0, *(proposal.id for proposal in after)])
    listed = []
    for one in idle:
        stores = {store for code, store in known if code == one.play.code} | {""}
        for store in sorted(store for store in stores if (one.play.code, store) not in decided):
            proposal = known.get((one.play.code, store))
            if proposal is None:
                number += 1
                proposal = _new(number, as_of=as_of, play=one.play, store=store)
            listed.append((proposal, one))
    return listed


def _gone(known: Mapping[Key, Proposal], *, plays: Sequence[Play], idle: Sequence[Idle]) -> list[Idle]:
    """Plays that an earlier run of this week proposed and whose file is gone since: they rest too."""
    codes = {play.code for play in plays} | {one.play.code for one in idle}
    found = {proposal.play: proposal for proposal in known.values() if proposal.play not in codes}
    return [
        Idle(rules.play_of_proposal(one), "这个打法的文件不在了", "The file of this play is gone")
        for one in found.values()
    ]


def _new(number: int, *, as_of: date, play: Play, store: str) -> Proposal:
    return Proposal(id=number, as_of=as_of, play=play.code, store=store, version=0, created_at=utc_now())


def _fill(proposal: Proposal, *, play: Play, facts: PlayFacts, policy: Policy, currency: str) -> None:
    gain = rules.expected_gain(
        people=facts.treated,
        base_share=facts.base_share,
        order_minor=facts.order_minor,
        margin_share=facts.margin_share,
        prior=play.prior,
        offer=play.offer,
        unit=10 ** exponent(currency),
    )
    proposal.segment = play.segment
    proposal.state = "proposed" if facts.treated else "draft"
    proposal.people, proposal.treated, proposal.holdout = facts.treated + facts.holdout, facts.treated, facts.holdout
    proposal.excluded = facts.segment_people - proposal.people
    proposal.channel = facts.main_channel
    proposal.currency = currency
    proposal.cost_minor, proposal.gain_minor = gain.cost_minor, gain.mid_minor
    proposal.gain_low_minor, proposal.gain_high_minor = gain.low_minor, gain.high_minor
    proposal.basis = "prior"
    proposal.salt = f"{proposal.as_of}|{play.code}"
    proposal.holdout_share = facts.holdout_share or policy.holdout_share
    proposal.holdout_places, proposal.removed = None, []
    proposal.reason, proposal.decided_by, proposal.decided_at = "", "", None
    proposal.plan = rules.plan_of(play)
    proposal.evidence = rules.evidence_of(facts, play=play, policy=policy)


def _write_people(run: Run, *, as_of: date, made: Sequence[Proposal]) -> None:
    if not made:
        return
    ids = ", ".join(f"({literal(p.play)}, {literal(p.store)}, {p.id}::bigint)" for p in made if p.people) or _NOBODY
    rows = (
        f"select i.proposal, {literal(as_of)} as as_of, d.play, {_columns()} from proposal_draft d"
        f" join (values {ids}) as i(play, store, proposal) on i.play = d.play and i.store = d.store"
        " where d.arm <> 'excluded'"
    )
    redrawn = [p.id for p in made if p.version]
    if redrawn or not _fits(run):
        others = f"select * from proposal_people where proposal not in {literal(redrawn)} and arm <> 'excluded'"
        run.write("proposal_people", sql=f"{others} union all by name {rows}")
    else:
        run.append("proposal_people", sql=f"{rows} order by i.proposal, d.customer_id")


def _columns() -> str:
    return ", ".join(f"d.{name.strip()}" for name in _COLUMNS.split(","))


def _fits(run: Run) -> bool:
    """Whether the table as it is has today's columns; one of an earlier version of Shuke is written anew."""
    held = run.reader().arrow("select * from proposal_people limit 0").schema.names
    return set(held) == {"proposal", "as_of", "play", *(name.strip() for name in _COLUMNS.split(","))}


def save(actor: Actor, *, proposals: Sequence[Proposal]) -> None:
    """Saves drawn proposals in the caller's transaction; one drawn again with another result gets a new version."""
    require(actor, Permission.REVIEW_PROPOSALS)
    stored = {proposal.pk: proposal for proposal in Proposal.objects.filter(pk__in=[p.pk for p in proposals])}
    for proposal in proposals:
        before = stored.get(proposal.pk)
        if before is not None and rules.snapshot(before) == rules.snapshot(proposal):
            continue
        proposal.version += 1
        proposal.save()
        record(actor, proposal, verb="drawn" if before is None else "redrawn", reason="")
