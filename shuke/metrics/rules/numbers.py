"""From a cell to a value, and what stands in the way of trusting it. The only place that divides."""

from datetime import date, timedelta

from shuke.kernel.period import Period
from shuke.metrics.values import SMALL, Cell, Point

# The same in SQL, for exports of all cells; a test holds it equal to `value_of`.
VALUE_SQL = "case when denominator is null then numerator else numerator / nullif(denominator, 0) end"


def value_of(numerator: float, denominator: float | None) -> float | None:
    """Numerator over denominator; the numerator where there is no denominator; None where it is zero."""
    if denominator is None:
        return numerator
    return numerator / denominator if denominator else None


def point_of(cell: Cell, *, period: Period) -> Point:
    """The value of a cell with its note; `small` is said where nothing graver is."""
    note = cell.note or ("small" if cell.denominator is not None and 0 < cell.people < SMALL else "")
    return Point(
        period=period,
        value=value_of(cell.numerator, cell.denominator),
        numerator=cell.numerator,
        denominator=cell.denominator,
        people=cell.people,
        mature=cell.mature,
        note=note,
    )


def added(cells: list[Cell]) -> Cell:
    """Several members' cells of one period as one. Exact only where the metric is additive."""
    return Cell(
        numerator=sum(cell.numerator for cell in cells),
        denominator=None if cells[0].denominator is None else sum(cell.denominator or 0.0 for cell in cells),
        people=sum(cell.people for cell in cells),
        mature=all(cell.mature for cell in cells),
        note=next((cell.note for cell in cells if cell.note), ""),
    )


def note_of(period: Period, *, as_of: date, first: date, wait_days: int, history_days: int) -> str:
    """Why a period does not stand: '' (it does), `unfinished`, `waiting` or `history`.

    `first` is the first day of the data. A period needs its `history_days` of data before it begins.
    """
    if period.end_on > as_of:
        return "unfinished"
    if period.end_on + timedelta(days=wait_days) > as_of:
        return "waiting"
    return "history" if period.start_on < first + timedelta(days=history_days) else ""
