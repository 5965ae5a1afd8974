"""Rules: their fields, their words, what they would give, and why one person is in or out."""

from datetime import date

from django.conf import settings

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError
from shuke.lake.queries import Reader
from shuke.lake.rules import literal
from shuke.segments import rules
from shuke.segments.adapters import BadDefinition, catalogue, definition, own_id, sentence_of
from shuke.segments.models import OwnSegment
from shuke.segments.queries.scope import as_of_day, of_store
from shuke.segments.values import ClauseWhy, Field, FieldSpec, OwnSegmentValue, Preview, Rule, Why

_MOST_CHOICES = 300


class UnknownSegment(ShukeError):
    """There is no segment of that code."""


class NotYet(ShukeError):
    """Segments have not been computed yet."""


def fields(actor: Actor, *, lake: Reader, language: str) -> list[Field]:
    """Every field that a rule may use, in the order of its groups, with what the shop's data can fill.

    `choices` of a choice field are the values that the shop has, the most frequent first (stages and layers all).
    """
    require(actor, Permission.SEE_CUSTOMERS)
    zh = language.startswith("zh")
    groups = definition("fields")["groups"]
    known = _known(lake)
    return [
        Field(
            code=spec.code,
            group=spec.group,
            group_name=groups[spec.group]["zh" if zh else "en"],
            name=spec.words["zh" if zh else "en"],
            kind=spec.kind,
            choices=_choices(lake, spec=spec, zh=zh) if known.get(spec.code) else (),
            operators=tuple((one, rules.OPERATOR_WORDS[one][0 if zh else 1]) for one in rules.OPERATORS[spec.kind]),
            available=bool(known.get(spec.code)),
            needs=spec.needs_zh if zh else spec.needs_en,
        )
        for spec in catalogue().values()
        if not spec.is_shop
    ]


def preview(actor: Actor, *, lake: Reader, rule: Rule, store: str | None = None) -> Preview:
    """How many people a rule gives now and what a year of them is worth, by home store.

    Reads the per-customer facts and rollups only. Raises `BadRule` for a rule that cannot be read.
    """
    require(actor, Permission.SEE_CUSTOMERS)
    node = rules.parse(rule, catalogue=catalogue())
    day = as_of_day(lake)
    if not isinstance(day, date):
        return Preview(0, 0)
    sql = "select count(*) as people, coalesce(sum(f.year_value_minor), 0)::bigint as value from segment_facts f where "
    row = lake.row(f"{sql}{rules.condition_sql(node, as_of=day)}{of_store(actor, store=store, column='f.store')}")
    return Preview(row["people"], row["value"]) if row else Preview(0, 0)


def rule_sentence(actor: Actor, *, rule: Rule, language: str) -> str:
    """A rule in words; raises `BadRule` for a rule that cannot be read."""
    require(actor, Permission.SEE_CUSTOMERS)
    return sentence_of(rule, language=language)


def why(actor: Actor, *, lake: Reader, segment: str, customer_id: int, language: str) -> Why:
    """Each condition of a segment's rule for one person, whether it holds, and the person's value.

    Raises `NotYet` before the first week and `UnknownSegment` for a customer whom the actor may not see.
    """
    require(actor, Permission.SEE_CUSTOMERS)
    day = as_of_day(lake)
    if not isinstance(day, date):
        raise NotYet("Segments have not been computed yet.", hint="Compute the week first.")
    node = rules.parse(definition(segment)["rule"], catalogue=catalogue())
    facts = _facts_of(lake, customer_id=customer_id, node=node)
    parts = node.parts if isinstance(node, rules.Group) and node.kind != "not" else (node,)
    clauses = tuple(
        ClauseWhy(
            words=rules.sentence(part, catalogue=catalogue(), language=language, currency=settings.WORKSPACE.currency),
            holds=rules.holds(part, facts=facts, as_of=day),
            value=_values(part, facts=facts, as_of=day, language=language),
        )
        for part in parts
    )
    is_off = segment in missing_words(lake, language=language)
    return Why(not is_off and rules.holds(node, facts=facts, as_of=day), clauses)


def own_segment(actor: Actor, *, code: str) -> OwnSegmentValue:
    """One of the shop's own segments; raises `UnknownSegment`."""
    require(actor, Permission.SEE_CUSTOMERS)
    held = OwnSegment.objects.filter(pk=own_id(code), removed_at__isnull=True).first()
    if held is None:
        raise UnknownSegment(f"There is no own segment {code!r}.", hint="Choose one from the list of segments.")
    return OwnSegmentValue(code, held.name, held.rule, held.version, held.created_by, held.changed_by)


def missing_words(lake: Reader, *, language: str) -> dict[str, tuple[str, ...]]:
    """For each segment that is off: in sentences, which column it waits for or what is wrong with its rule."""
    if not lake.has("segment_missing"):
        return {}
    zh = language.startswith("zh")
    found: dict[str, tuple[str, ...]] = {}
    for row in lake.rows("select segment, field, problem from segment_missing order by segment, field"):
        spec = catalogue().get(row["field"])
        if spec is None:
            words = _trouble(row["segment"], language=language) or row["problem"]
        elif zh:
            words = f"缺“{spec.words['zh']}”：需要{spec.needs_zh}"
        else:
            words = f"No data on “{spec.words['en']}”: it needs {spec.needs_en}"
        found[row["segment"]] = tuple(dict.fromkeys((*found.get(row["segment"], ()), words)))
    return found


def _trouble(segment: str, *, language: str) -> str:
    """What is wrong with a segment's rule now, in the reader's language; empty where it has been mended since."""
    try:
        rules.read_segment(segment, definition=definition(segment), catalogue=catalogue())
    except rules.BadRule as error:
        return error.words(language)
    except BadDefinition as error:
        return f"{error} {error.hint}".strip()
    return ""


def _known(lake: Reader) -> dict[str, int]:
    if not lake.has("segment_fields"):
        return {}
    return {row["field"]: row["people"] for row in lake.rows("select field, people from segment_fields")}


def _choices(lake: Reader, *, spec: FieldSpec, zh: bool) -> tuple[tuple[str, str], ...]:
    if spec.code in ("stage", "layer"):
        return tuple((code, texts["zh" if zh else "en"]) for code, texts in spec.choices.items())
    if spec.kind in rules.ROLLUPS:
        sql = (
            f"select {spec.kind} as value, sum(buyers) as n from product_launches where {spec.kind} is not null"
            f" group by {spec.kind} order by n desc, value limit {_MOST_CHOICES}"
        )
    elif spec.kind == "choice":
        sql = (
            f"select {spec.code} as value, count(*) as n from segment_facts where {spec.code} <> ''"
            f" group by {spec.code} order by n desc, value limit {_MOST_CHOICES}"
        )
    else:
        return ()
    values = [row["value"] for row in lake.rows(sql)]
    return tuple((v, spec.choices[v]["zh" if zh else "en"] if v in spec.choices else v) for v in values)


def _facts_of(lake: Reader, *, customer_id: int, node: rules.Node) -> rules.Facts:
    row = lake.row("select * from segment_facts where customer_id = $id", id=customer_id)
    if row is None:
        raise UnknownSegment("This customer is not among those that you may see.", hint="Choose another customer.")
    named: dict[str, set[str]] = {}
    for leaf in rules.leaves(node):
        if isinstance(leaf, rules.Bought):
            named.setdefault(leaf.kind, set()).update(leaf.names)
    # the names as well: the rollups are sorted by them, so that one person's rows are found without reading all
    found = {
        kind: lake.rows(
            f"select * from {rules.ROLLUPS[kind]} where customer_id = $id and {kind} in {literal(names)}",
            id=customer_id,
        )
        for kind, names in sorted(named.items())
    }
    return rules.Facts(row, products=found.get("product", ()), months=found.get("category", ()))


def _values(node: rules.Node, *, facts: rules.Facts, as_of: date, language: str) -> str:
    """What the person has on each field of a condition or group."""
    said: dict[str, None] = {}
    for leaf in rules.leaves(node):
        if isinstance(leaf, rules.Bought):
            found = rules.measured(leaf, facts=facts, as_of=as_of) or 0
            said[
                f"{rules.amount_words(leaf, amount=found, language=language, currency=settings.WORKSPACE.currency)}"
            ] = None
            continue
        spec = catalogue()[leaf.field]
        currency = settings.WORKSPACE.currency
        text = rules.shown_value(spec, value=facts.row.get(leaf.field), language=language, currency=currency)
        if isinstance(leaf.operand, rules.OtherField):
            other = catalogue()[leaf.operand.field]
            value = rules.shown_value(other, value=facts.row.get(other.code), language=language, currency=currency)
            zh = language.startswith("zh")
            text += f"（{other.words['zh']} {value}）" if zh else f" ({other.words['en']} {value})"
        said[text] = None
    return "；".join(said) if language.startswith("zh") else "; ".join(said)
