"""The report in the reader's language, the rows behind a finding, months."""

import json
from datetime import date
from typing import Any

from shuke.access.rules import Permission, require
from shuke.checkup.queries.compared import compared
from shuke.checkup.rules import definitions, headline, sentence, share_of, source_name, tell
from shuke.checkup.values import Channel, Finding, Month, Report, RowBehind
from shuke.kernel.actor import Actor
from shuke.kernel.errors import ShukeError
from shuke.lake.queries import NotBuilt, Reader


class OtherDay(ShukeError):
    """The check-up that is there stands on another day."""


class UnknownFinding(ShukeError):
    """There is no finding of that code."""


def report(actor: Actor, *, lake: Reader, as_of: date | None = None, language: str = "zh-hans") -> Report:
    """The check-up in the reader's language, findings ranked by money.

    `as_of` only makes sure of the day: `OtherDay` is raised where the lake's check-up stands on another. Raises
    `NotBuilt` before the first check-up and `NotAllowed` without the right to see it.
    """
    require(actor, Permission.SEE_CHECKUP)
    summary = _summary(lake)
    if as_of is not None and summary["as_of"] != as_of:
        raise OtherDay(
            f"The check-up stands on {summary['as_of']}, not on {as_of}.", hint=f"Run 'shuke checkup --as-of {as_of}'."
        )
    sales, attached = summary["sales_minor"], summary["attached_minor"]
    share = share_of(attached, sales)
    currency = summary["currency"]
    days = {"first_on": summary["first_on"], "last_on": summary["last_on"]}
    told = sentence(sales_minor=sales, attached_minor=attached, currency=currency, language=language, **days)
    findings = _findings(lake, sales_minor=sales, language=language)
    comparison = compared(actor, lake=lake, summary=summary, findings=findings, language=language)
    return Report(
        as_of=summary["as_of"],
        shop=summary["shop"],
        language=language,
        currency=currency,
        attachable_sales_share=share or 0.0,
        sales_minor=sales,
        attached_minor=attached,
        customers=summary["customers"],
        **days,
        headline=headline(share, language=language),
        sentence=told,
        previous_on=comparison.previous_on if comparison else None,
        previous_share=comparison.previous_share if comparison else None,
        findings=findings,
        channels=_channels(lake, language=language),
        comparison=comparison,
        trend=_trend(lake),
    )


def finding(actor: Actor, *, lake: Reader, code: str, language: str = "zh-hans") -> Finding:
    """One finding of the report; raises `UnknownFinding`."""
    for one in report(actor, lake=lake, language=language).findings:
        if one.code == code:
            return one
    raise UnknownFinding(
        f"The check-up has no finding '{code}'.", hint="It may have been repaired; open the check-up again."
    )


def rows_behind(actor: Actor, *, lake: Reader, code: str, limit: int = 1000) -> list[RowBehind]:
    """The rows behind a finding, the dearest first, at most 1,000."""
    require(actor, Permission.SEE_CHECKUP)
    rows = lake.rows(
        "select n, source, order_no, batch_id, row_no, store, ordered_on, money_minor, rows, detail"
        " from finding_rows where code = $code order by n limit $most",
        code=code,
        most=limit,
    )
    return [
        RowBehind(
            **{**row, **{name: row[name] or "" for name in ("source", "order_no", "store", "detail")}},
        )
        for row in rows
    ]


def months(actor: Actor, *, lake: Reader) -> list[Month]:
    """Sales by month, store and source with the share that has a person behind it, cut to the actor's stores."""
    require(actor, Permission.SEE_WEEK)
    return [Month(**row) for row in lake.rows("select * from checkup_months order by month, store nulls last, source")]


def _summary(lake: Reader) -> dict[str, Any]:
    found = lake.row("select * from checkup_summary")
    if found is None:
        raise NotBuilt("There is no check-up yet.", hint="Import files, then run 'shuke checkup'.")
    return found


def _findings(lake: Reader, *, sales_minor: int, language: str) -> tuple[Finding, ...]:
    texts = definitions(language)
    rows = lake.rows("select * from findings order by money_minor desc, rows desc, code")
    found = []
    for row in rows:
        words = texts[row["code"]]
        stores = tuple(json.loads(row["stores"]))
        numbers = {"rows": row["rows"], "orders": row["orders"], "money_minor": row["money_minor"]}
        days = {name: row[name].isoformat() for name in ("first_on", "last_on") if row[name]}
        share = share_of(row["money_minor"], sales_minor) or 0.0
        parameters = {**json.loads(row["parameters"]), **numbers, **days, "share": share}
        shared = {"parameters": parameters, "stores": stores, "currency": row["currency"], "language": language}
        found.append(
            Finding(
                code=row["code"],
                title=words.title,
                cause=tell(words.cause, **shared),
                money_rule=words.money,
                repair=tuple(tell(step, **shared) for step in words.repair),
                effect=words.effect,
                fixer=words.fixer,
                minutes=words.minutes,
                of=words.of,
                rows=row["rows"],
                orders=row["orders"],
                money_minor=row["money_minor"],
                previous_minor=row["previous_minor"],
                still_minor=row.get("still_minor"),
                share=share,
                currency=row["currency"],
                parameters=parameters,
                first_on=row["first_on"],
                last_on=row["last_on"],
                stores=stores,
            )
        )
    return tuple(found)


def _channels(lake: Reader, *, language: str) -> tuple[Channel, ...]:
    rows = lake.rows("select * from checkup_channels order by sales_minor desc, source")
    return tuple(Channel(name=source_name(row["source"], language=language), **row) for row in rows)


def _trend(lake: Reader) -> tuple[tuple[date, float], ...]:
    """The share of sales with a person behind it, month by month."""
    rows = lake.rows(
        "select month, sum(sales_minor)::bigint as sales_minor, sum(attached_minor)::bigint as attached_minor"
        " from checkup_months group by month having sum(sales_minor) > 0 order by month"
    )
    return tuple((row["month"], min(max(row["attached_minor"] / row["sales_minor"], 0.0), 1.0)) for row in rows)
