"""Reads of the check-up: the report with its comparison, the rows behind a finding, months."""

from shuke.checkup.queries.report import OtherDay, UnknownFinding, finding, months, report, rows_behind

__all__ = ["OtherDay", "UnknownFinding", "finding", "months", "report", "rows_behind"]
