"""The demo lives through two weeks, by exactly what a user would do: import, week, approval, sheets, results, week.

Nothing here knows more than a user: what made-up people and staff do comes from the demo's own room, and the truth
beside the exports is read by that room, tests and benchmarks only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from django.db import transaction

import shuke.demo.actions as demo
from shuke.access.actions import create_user, reset_password
from shuke.access.models import User
from shuke.checkup import queries as checkup
from shuke.kernel.actor import SYSTEM, Role
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.outcomes import queries as outcomes
from shuke.plays.queries import library
from shuke.procedures.close_day import close_days
from shuke.procedures.demo_workspace import mark, stages
from shuke.procedures.import_files import import_files
from shuke.procedures.link_accounts import link_accounts
from shuke.procedures.live_loyalty import ask_for_points, claim_orders, live_loyalty, open_balances
from shuke.procedures.read_results import read_results
from shuke.procedures.review_proposal import approve, open_proposals
from shuke.procedures.week import WeekReport, week
from shuke.procedures.write_tasks import write_tasks

FIRST_WEEK = date(2026, 11, 16)
AS_OF = date(2026, 11, 23)
# The points programme moved into this system a year ago, with the balances of the old one.
POINTS_BEGAN = date(2025, 11, 3)
Progress = Callable[[str], None]


@dataclass(frozen=True)
class _Demo:
    """One demo: where it lives, how large it is, whom it tells."""

    folder: Path
    workspace: Workspace
    customers: int
    seed: int
    progress: Progress

    def is_done(self, stage: str) -> bool:
        return stage in stages(self.folder, customers=self.customers, seed=self.seed)

    def mark(self, stage: str) -> None:
        mark(self.folder, stage=stage, customers=self.customers, seed=self.seed)


def run_demo(folder: Path, *, workspace: Workspace, customers: int, seed: int, progress: Progress) -> list[str]:
    """Runs the whole demo and returns the lines of its summary. What an earlier run has lived through stays."""
    made = _Demo(folder, workspace, customers, seed, progress)
    _first_week(made)
    _members_live(made)
    _people_answer(made)
    read = _second_week_arrives(made)
    report = week(SYSTEM, workspace=workspace, as_of=AS_OF, progress=progress)
    _members_live_on(made)
    progress("sheets of the tasks that are still open")
    write_tasks(SYSTEM, workspace=workspace, out=workspace.tasks, form=None)
    files = sum(1 for path in (folder / "exports").iterdir() if path.is_file())
    lines = [
        "",
        f"  {workspace.shop} · as of {AS_OF}",
        f"  {files} files, {read:,} rows of the last week read just now",
    ]
    return [*lines, *_story(workspace, report=report), f"  task sheets: {workspace.tasks}", "", *_people(workspace)]


def _first_week(made: _Demo) -> None:
    """Two years of exports, the week as of `FIRST_WEEK`, every play approved, sheets handed out."""
    exports = made.folder / "exports"
    if not made.is_done("exports"):
        made.progress(f"a retailer with {made.customers:,} customers: two years of raw exports")
        demo.write_exports(
            exports,
            truth=made.folder / "truth",
            customers=made.customers,
            seed=made.seed,
            as_of=AS_OF,
            until=FIRST_WEEK,
        )
        made.mark("exports")
    if made.is_done("first week"):
        return
    files = sorted(path for path in exports.iterdir() if path.is_file())
    made.progress(f"{len(files)} files to read")
    import_files(SYSTEM, workspace=made.workspace, paths=files, progress=made.progress)
    week(SYSTEM, workspace=made.workspace, as_of=FIRST_WEEK, progress=made.progress)
    waiting = open_proposals(SYSTEM)
    made.progress(f"approving the first week's {len(waiting)} plays")
    with transaction.atomic():
        for number in waiting:
            approve(SYSTEM, workspace=made.workspace, proposal=number)
    made.progress("task sheets a store and associate")
    write_tasks(SYSTEM, workspace=made.workspace, out=made.folder / "handed_out", form=None)
    made.mark("first week")


def _members_live(made: _Demo) -> None:
    """A year of points: balances brought along, purchases, redemptions, refunds, reviews, coupons and benefits."""
    if made.is_done("points"):
        return
    made.progress("a year of points: what tills and mini-programs told the ledger")
    place = made.folder / "points" / "积分期初.csv"
    open_balances(made.workspace, path=place, born=POINTS_BEGAN, progress=made.progress)
    link_accounts(SYSTEM, workspace=made.workspace, now=_midnight(POINTS_BEGAN), progress=made.progress)
    live_loyalty(
        made.workspace,
        born=POINTS_BEGAN,
        since=POINTS_BEGAN,
        until=FIRST_WEEK,
        seed=made.seed,
        progress=made.progress,
    )
    # The first close tells of everything before it; a fortnight of days follows.
    for last in (FIRST_WEEK - timedelta(days=15), FIRST_WEEK - timedelta(days=1)):
        close_days(SYSTEM, workspace=made.workspace, now=_midnight(FIRST_WEEK), until=last)
    made.mark("points")


def _members_live_on(made: _Demo) -> None:
    """The last week of points, claims of deliveries, and an adjustment that waits for a second person."""
    if made.is_done("points of the week"):
        return
    live_loyalty(
        made.workspace, born=POINTS_BEGAN, since=FIRST_WEEK, until=AS_OF, seed=made.seed, progress=made.progress
    )
    claim_orders(made.workspace, now=_midnight(AS_OF))
    ask_for_points(now=_midnight(AS_OF))
    close_days(SYSTEM, workspace=made.workspace, now=_midnight(AS_OF), until=AS_OF - timedelta(days=1))
    made.mark("points of the week")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _people_answer(made: _Demo) -> None:
    """Staff work their sheets, people answer by their hidden response, and the channels export the week."""
    if made.is_done("answers"):
        return
    made.progress("a week passes: staff work their tasks, people answer")
    handed_out = made.folder / "handed_out"
    _, answers = demo.write_week(
        made.folder / "exports",
        truth=made.folder / "truth",
        since=FIRST_WEEK,
        as_of=AS_OF,
        tasks=demo.tasks_in(handed_out),
        customers=made.customers,
        seed=made.seed,
    )
    demo.fill_sheets(handed_out, into=made.folder / "handed_in", outcomes=answers)
    made.mark("answers")


def _second_week_arrives(made: _Demo) -> int:
    """Imports everything there is and reads the sheets handed in, once; returns the rows read."""
    files = sorted(path for path in (made.folder / "exports").iterdir() if path.is_file())
    imported = import_files(SYSTEM, workspace=made.workspace, paths=files, progress=made.progress)
    if not made.is_done("results"):
        made.progress("reading what staff handed in")
        for path in sorted((made.folder / "handed_in").glob("*.csv")):
            read_results(SYSTEM, workspace=made.workspace, path=path)
        made.mark("results")
    return sum(file.staged for file in imported.files if not file.already_imported)


def _story(workspace: Workspace, *, report: WeekReport) -> list[str]:
    language = workspace.language
    with open_reader(SYSTEM, workspace) as lake:
        found = checkup.report(SYSTEM, lake=lake, as_of=AS_OF, language=language)
        truth = outcomes.last_week(SYSTEM, lake=lake, language=language)
    problems = found.as_document()["findings"][:3]
    document = report.as_document()
    names = {play.code: play.name(language) for play in library(SYSTEM, workspace=workspace)}
    people: dict[str, list[int]] = {}
    for proposed in document["proposals"]:
        counts = people.setdefault(proposed["play"], [0, 0])
        counts[0] += proposed["people"]
        counts[1] += proposed["holdout"]
    return [
        f"  {document['customers']:,} customers; {found.attachable_sales_share:.1%} of sales have a person behind them",
        "  the three most expensive data problems:",
        *(f"    ¥{p['money_minor'] / 100:>14,.2f}  {p['title']}" for p in problems),
        "  what last week's plays changed:",
        *(f"    {result.name}：{result.sentence}" for result in truth.plays),
        "  this week's plays:",
        *(f"    {all_:>7,} people, {held:,} held out  {names[play]}" for play, (all_, held) in people.items()),
    ]


def _people(workspace: Workspace) -> list[str]:
    """Makes, or gives new passwords to, one person of each role."""
    with open_reader(SYSTEM, workspace) as lake:
        place = lake.row(
            "select store, associate from associates where store is not null"
            " order by last_seen_on desc, store, associate"
        )
    store, associate = (place["store"], place["associate"]) if place else ("", "")
    wanted = (("owner", "沈禾", Role.OWNER), ("operator", "林晓", Role.OPERATOR)) + (
        (("manager", f"{store}店长", Role.MANAGER), ("associate", associate, Role.ASSOCIATE)) if store else ()
    )
    lines = ["  sign in (generated just now, printed only here):"]
    for username, name, role in wanted:
        scoped = role in (Role.MANAGER, Role.ASSOCIATE)
        if User.objects.filter(username=username).exists():
            password = reset_password(SYSTEM, username=username)
        else:
            _, password = create_user(
                SYSTEM,
                username=username,
                name=name,
                role=role,
                stores=[store] if scoped else [],
                associate=associate if role is Role.ASSOCIATE else "",
            )
        lines.append(f"    {username:<10} {password}   {role}{' · ' + store if scoped else ''}")
    return [*lines, ""]
