"""This check-up against the last one: what was brought back, what is new, and which imports lie between."""

from collections.abc import Mapping, Sequence
from typing import Any

from shuke.access.rules import Permission, require
from shuke.checkup.rules import (
    before_imports,
    change_sentences,
    comparison_sentences,
    definitions,
    kind_of,
    mending,
    ranked,
    share_of,
)
from shuke.checkup.values import Change, Comparison, Finding, ImportStep, Past
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader

_SMALL = 5_000  # a change below this part of sales is listed, not told in words
_STEPS = "select batch_id, file, source, kind, first_on, imported_on from checkup_imports order by batch_id"
_WAS = "select code, rows, money_minor from checkup_history_findings where as_of = $day and last_batch = $batch"


def compared(
    actor: Actor, *, lake: Reader, summary: Mapping[str, Any], findings: Sequence[Finding], language: str
) -> Comparison | None:
    """The comparison of the check-up in the lake; None where there is no earlier one. `summary` is its one row."""
    require(actor, Permission.SEE_CHECKUP)
    if summary.get("previous_batch") is None:
        return None
    base = Past(
        as_of=summary["previous_on"],
        last_batch=summary["previous_batch"],
        sales_minor=summary["previous_sales_minor"],
        attached_minor=summary["previous_attached_minor"],
        customers=0,
    )
    is_same_day = base.as_of == summary["as_of"]
    steps = [ImportStep(**row) for row in lake.rows(_STEPS)]
    imports = mending(steps, after_batch=base.last_batch, before_on=None if is_same_day else base.as_of)
    brought = {base: summary["still_attached_minor"] - base.attached_minor}
    lately = None if is_same_day else _earlier_today(lake, summary=summary)
    if lately is not None:
        brought[lately] = summary["attached_minor"] - lately.attached_minor
    changes = _changes(lake, base=base, findings=findings, imports=imports, language=language)
    share = share_of(summary["attached_minor"], summary["sales_minor"])
    previous_share = share_of(base.attached_minor, base.sales_minor)
    return Comparison(
        previous_on=base.as_of,
        previous_share=previous_share,
        share=share,
        brought_back_minor=brought[base],
        imports=imports,
        changes=changes,
        sentences=comparison_sentences(
            shares=(previous_share, share),
            previous_on=base.as_of,
            brought={
                one: (money, mending(steps, after_batch=one.last_batch, before_on=_reach(one, summary)))
                for one, money in brought.items()
            },
            currency=summary["currency"],
            language=language,
        ),
        named=change_sentences(
            [one for one in changes if abs(one.now_minor - one.before_minor) >= base.sales_minor // _SMALL],
            currency=summary["currency"],
            language=language,
        ),
    )


def _reach(base: Past, summary: Mapping[str, Any]) -> Any:
    return None if base.as_of == summary["as_of"] else base.as_of


def _earlier_today(lake: Reader, *, summary: Mapping[str, Any]) -> Past | None:
    past = [Past(**row) for row in lake.rows("select * from checkup_history")]
    return before_imports(past, as_of=summary["as_of"], last_batch=summary["last_batch"])


def _changes(
    lake: Reader, *, base: Past, findings: Sequence[Finding], imports: Sequence[ImportStep], language: str
) -> tuple[Change, ...]:
    texts = definitions(language)
    was = {row["code"]: row for row in lake.rows(_WAS, day=base.as_of, batch=base.last_batch)}
    now = {one.code: one for one in findings}
    mended_on = max((step.imported_on for step in imports), default=None)
    found = []
    for code in sorted(set(was) & set(texts)):
        before, present = was[code], now.get(code)
        now_minor = present.money_minor if present else 0
        kind = kind_of(
            before_minor=before["money_minor"],
            now_minor=now_minor,
            is_found=present is not None,
            was_found=before["rows"] > 0,
        )
        if before["rows"] == 0 and present is None:
            continue
        mended_minor = present.mended_minor if present else None
        is_mended = kind in ("gone", "better") and (mended_minor is None or mended_minor > 0)
        found.append(
            Change(
                code=code,
                title=texts[code].title,
                kind=kind,
                before_minor=before["money_minor"],
                now_minor=now_minor,
                mended_on=mended_on if is_mended else None,
            )
        )
    return ranked(found)
