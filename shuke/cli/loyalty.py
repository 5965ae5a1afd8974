"""`shuke loyalty openings|post-orders|expire|close|reconcile|liability`: the jobs of the points programme."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings

from shuke.cli.screen import day, progress_printer, say, table
from shuke.kernel.actor import SYSTEM
from shuke.kernel.clock import utc_now
from shuke.kernel.errors import WrongUse
from shuke.kernel.workspace import Workspace


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Runs one job and returns its document."""
    workspace: Workspace = settings.WORKSPACE
    found: dict[str, Any] = _JOBS[arguments.deed](arguments, workspace)
    return found


def _openings(arguments: argparse.Namespace, workspace: Workspace) -> dict[str, Any]:
    from shuke.loyalty.values.openings import OpeningRequest, OpeningTotals
    from shuke.procedures.load_openings import load_openings

    if arguments.file is None or arguments.points_total is None or arguments.members_total is None:
        raise WrongUse(
            "A file and its control totals are needed.",
            hint="shuke loyalty openings FILE --points-total N --members-total N",
        )
    report = load_openings(
        SYSTEM,
        workspace=workspace,
        request=OpeningRequest(
            path=Path(arguments.file),
            totals=OpeningTotals(arguments.points_total, arguments.members_total),
            expires_on=day(arguments.expires),
        ),
        now=utc_now(),
        progress=progress_printer(),
    )
    say(f"{report.loaded:,} members loaded, {report.points:,} points in {report.rows:,} rows; {report.known:,} known.")
    if report.quarantine is not None:
        say(f"{sum(report.quarantined.values()):,} rows put aside in {report.quarantine}: {report.quarantined}")
    return asdict(report) | {"quarantine": str(report.quarantine) if report.quarantine else None}


def _post_orders(arguments: argparse.Namespace, workspace: Workspace) -> dict[str, Any]:
    from shuke.procedures.post_orders import post_orders

    posted = post_orders(
        SYSTEM, workspace=workspace, now=utc_now(), progress=progress_printer(), without=arguments.without
    )
    say(f"{posted.earned:,} orders earned, {posted.refunded:,} refunds, {posted.points:,} points in all.")
    for code, times in sorted(posted.refused.items()):
        say(f"  refused: {times:,} {code}")
    return asdict(posted)


def _expire(arguments: argparse.Namespace, workspace: Workspace) -> dict[str, Any]:
    from shuke.procedures.expire_points import expire_points

    del arguments
    report = expire_points(SYSTEM, workspace=workspace, now=utc_now(), progress=progress_printer())
    say(f"{report.lots:,} lots with {report.points:,} points were over, {report.holds:,} holds timed out.")
    return asdict(report)


def _close(arguments: argparse.Namespace, workspace: Workspace) -> dict[str, Any]:
    from shuke.procedures.close_day import close_days

    until = day(arguments.day)
    closed = close_days(SYSTEM, workspace=workspace, now=utc_now(), progress=progress_printer(), until=until)
    rows: list[tuple[str, ...]] = [
        ("day", "issued", "returned", "burned", "clawed", "expired", "closing", "differences")
    ]
    for one in closed:
        moved = [f"{one.moved[kind]:,}" for kind in ("issued", "returned", "burned", "clawed", "expired")]
        rows.append((str(one.business_on), *moved, f"{one.totals['points']:,}", str(one.counts["differences"])))
    table(rows)
    return {"days": [asdict(one) for one in closed]}


def _reconcile(arguments: argparse.Namespace, workspace: Workspace) -> dict[str, Any]:
    from shuke.loyalty.actions.freezing import reconcile

    del workspace
    found = reconcile(SYSTEM, freeze=not arguments.no_freeze, progress=progress_printer())
    say(
        f"{found.accounts:,} accounts, {found.txns:,} transactions, {found.entries:,} entries in {found.seconds:.1f} s."
    )
    for drift in found.drifts[:50]:
        say(
            f"  account {drift.account_id}: {drift.field} {drift.reference or ''} is {drift.found},"
            f" entries say {drift.expected}"
        )
    say(f"{len(found.drifts):,} drifts, {found.frozen:,} accounts frozen." if found.drifts else "Everything adds up.")
    arguments.exit_code = 1 if found.drifts else 0
    return asdict(found)


def _liability(arguments: argparse.Namespace, workspace: Workspace) -> dict[str, Any]:
    from shuke.loyalty.queries.finance import liability

    del arguments
    found = liability(SYSTEM, workspace=workspace, at=utc_now())
    say(f"{found.standing.outstanding:,} points outstanding: {found.liability_minor / 100:,.2f} {found.currency}.")
    told = found.breakage
    say(f"Expected to end unspent: {told.expected:,} ({told.low:,} to {told.high:,}).")
    return asdict(found)


_JOBS = {
    "openings": _openings,
    "post-orders": _post_orders,
    "expire": _expire,
    "close": _close,
    "reconcile": _reconcile,
    "liability": _liability,
}
