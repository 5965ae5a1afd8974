"""每类顾客有计划: which classes of customers have a play this week."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Max

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.proposals import rules
from shuke.proposals.adapters import definition
from shuke.proposals.models import Proposal
from shuke.proposals.values import Coverage, CoverageRow
from shuke.segments.adapters import definition as segment_definition

Row = Mapping[str, Any]


def coverage(actor: Actor, *, lake: Reader, language: str, store: str | None = None) -> Coverage:
    """Classes of customers (stage and layer) of the actor's stores or one store, their plays of this week, or why not.

    A class has a plan where enough of its people (definitions/coverage.yaml) are in proposals that were not rejected.
    The share counts people of classes with a plan; everybody counts once.
    """
    require(actor, Permission.SEE_PROPOSALS)
    if not lake.has("plan_coverage"):
        return Coverage(share=0.0, rows=())
    where, given = ("", {}) if store is None else (" where store = $store", {"store": store})
    found = lake.rows(
        "select stage, layer, play, proposal_store, reason, sum(people)::bigint as people"
        f" from plan_coverage{where} group by all order by stage, layer, people desc, play, proposal_store, reason",
        **given,
    )
    plans = _plans(language)
    classes: dict[tuple[str, str], list[Row]] = {}
    for row in found:
        classes.setdefault((row["stage"], row["layer"]), []).append(row)
    rows = [_row(key, rows=mine, plans=plans, language=language) for key, mine in classes.items()]
    total = sum(row.people for row in rows)
    share = sum(row.people for row in rows if row.plays) / total if total else 0.0
    return Coverage(share=share, rows=tuple(sorted(rows, key=lambda row: (-row.people, row.class_name))))


def _plans(language: str) -> Mapping[tuple[str, str], str]:
    """Names of the latest week's plays by (play, store), those that were not rejected."""
    as_of = Proposal.objects.aggregate(last=Max("as_of"))["last"]
    held = Proposal.objects.filter(as_of=as_of).exclude(state__in=("draft", "rejected"))
    short = rules.short_of(language)
    return {(play, store): plan[short] for play, store, plan in held.values_list("play", "store", "plan")}


def _row(
    key: tuple[str, str], *, rows: Sequence[Row], plans: Mapping[tuple[str, str], str], language: str
) -> CoverageRow:
    plays: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    nowhere = 0
    for row in rows:
        name = plans.get((row["play"], row["proposal_store"])) if row["reason"] == "ok" else None
        if name is not None:
            plays[name] += row["people"]
        elif row["reason"] not in ("", "ok"):
            reasons[row["reason"]] += row["people"]
        else:
            nowhere += row["people"]
    people = sum(row["people"] for row in rows)
    planned = plays.total() >= definition("coverage")["has_plan_share"] * people
    return CoverageRow(
        class_name=_class_name(key, language=language),
        people=people,
        plays=tuple(name for name, _ in plays.most_common()) if planned else (),
        why_not="" if planned else _why_not(reasons, nowhere=nowhere, few=plays.total(), language=language),
        in_plays=plays.total(),
    )


def _why_not(reasons: Counter[str], *, nowhere: int, few: int, language: str) -> str:
    texts, short = definition("sentences")["coverage"], rules.short_of(language)
    if reasons.total() * 50 > nowhere:
        told = rules.reasons_in_words(reasons, texts=definition("sentences"), language=language)
        why = str(texts["kept_out"][short]).format(people=f"{reasons.total():,}", reasons=told)
    else:
        why = str(texts["no_segment"][short])
    chance = str(texts["few"][short]).format(people=f"{few:,}") if few else ""
    return ("；" if short == "zh" else "; ").join(part for part in (why, chance) if part)


def _class_name(key: tuple[str, str], *, language: str) -> str:
    stage, layer = key
    short = rules.short_of(language)
    name = str(segment_definition("lifecycle")["stages"][stage][short])
    layers = segment_definition("layers")["layers"]
    return f"{name} · {layers[layer][short]}" if layer in layers else name
