"""Writing the check-up to files that are handed on."""

from pathlib import Path

from shuke.access.rules import Permission, require
from shuke.checkup import queries
from shuke.checkup.adapters import Cell, Sheet, write_workbook
from shuke.checkup.rules import detail_words, one_page, say_money, source_name, text
from shuke.checkup.values import Finding, Report, RowBehind
from shuke.kernel.actor import Actor
from shuke.kernel.errors import WrongUse
from shuke.kernel.money import exponent
from shuke.lake.queries import Reader


def write_file(actor: Actor, *, lake: Reader, path: Path, language: str = "zh-hans") -> None:
    """Writes the check-up to hand on: a printable page (.html) or the findings with their rows (.xlsx).

    Raises `WrongUse` for another ending, `lake.queries.NotBuilt` before the first check-up.
    """
    require(actor, Permission.SEE_CHECKUP)
    report = queries.report(actor, lake=lake, language=language)
    ending = path.suffix.lower()
    if ending == ".html":
        path.write_text(one_page(report), "utf-8")
    elif ending == ".xlsx":
        _write_workbook(actor, lake=lake, path=path, report=report)
    else:
        raise WrongUse(
            f"A check-up cannot be written as '{path.suffix}'.", hint="Give the file the ending .html or .xlsx."
        )


def _write_workbook(actor: Actor, *, lake: Reader, path: Path, report: Report) -> None:
    here = report.language
    unit = 10 ** exponent(report.currency)

    def words(*names: str) -> list[str]:
        return [text(name, language=here) for name in names]

    def line(finding: Finding) -> list[Cell]:
        repair = "\n".join(finding.repair)
        money = finding.money_minor / unit
        stores: Cell = ", ".join(finding.stores)
        who = f"{finding.fixer} {text('minutes', language=here, minutes=finding.minutes)}"
        days: list[Cell] = [finding.first_on, finding.last_on]
        return [
            finding.title,
            money,
            finding.rows,
            finding.orders,
            *days,
            stores,
            finding.cause,
            repair,
            who,
            finding.money_rule,
        ]

    header = words(
        "problem", "money", "rows", "orders", "first", "last", "stores", "cause", "repair", "who", "money_rule"
    )
    sheets: list[Sheet] = [(text("page_title", language=here), header, [line(found) for found in report.findings])]
    behind = words("source", "order_no", "batch", "row_no", "store", "day", "money", "rows", "detail")
    for place, finding in enumerate(report.findings, 1):
        found = queries.rows_behind(actor, lake=lake, code=finding.code)
        rows = [_cells(row, unit=unit, language=here) for row in found]
        sheets.append((f"{place} {finding.title}", behind, rows))
    top = [
        [report.headline],
        [report.sentence],
        [say_money(report.sales_minor, currency=report.currency, language=here)],
    ]
    sheets.append((text("sales", language=here), [text("as_of", language=here, day=str(report.as_of))], top))
    write_workbook(path, sheets=sheets)


def _cells(row: RowBehind, *, unit: int, language: str) -> list[Cell]:
    source = source_name(row.source, language=language)
    detail = detail_words(row.detail, language=language)
    place: list[Cell] = [row.batch_id, row.row_no, row.store, row.ordered_on]
    return [source, row.order_no, *place, row.money_minor / unit, row.rows, detail]
