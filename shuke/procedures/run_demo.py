"""The demo lives through exactly what a user would do: import, check-up, week, one approval, task sheets.

Nothing here knows more than a user: the truth beside the exports is read by tests and benchmarks only.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import shuke.demo.actions as demo
from shuke.access.actions import create_user, reset_password
from shuke.access.models import User
from shuke.checkup import queries as checkup
from shuke.kernel.actor import SYSTEM, Role
from shuke.kernel.workspace import Workspace
from shuke.lake.queries import open_reader
from shuke.plays.queries import library
from shuke.procedures.demo_workspace import is_made, mark_made
from shuke.procedures.import_files import import_files
from shuke.procedures.review_proposal import approve, open_proposals
from shuke.procedures.week import WeekReport, week
from shuke.procedures.write_tasks import write_tasks

AS_OF = date(2026, 11, 23)
Progress = Callable[[str], None]


def run_demo(folder: Path, *, workspace: Workspace, customers: int, seed: int, progress: Progress) -> list[str]:
    """Runs the whole demo and returns the lines of its summary."""
    exports = folder / "exports"
    if not is_made(folder, customers=customers, seed=seed):
        progress(f"a retailer with {customers:,} customers: two years of raw exports")
        demo.write_exports(exports, truth=folder / "truth", customers=customers, seed=seed, as_of=AS_OF)
        mark_made(folder, customers=customers, seed=seed)
    files = sorted(path for path in exports.iterdir() if path.is_file())
    progress(f"{len(files)} files to read")
    imported = import_files(SYSTEM, workspace=workspace, paths=files, progress=progress)
    report = week(SYSTEM, workspace=workspace, as_of=AS_OF, progress=progress)
    sheets = _take_first_play(workspace, report=report, progress=progress)
    read = sum(file.rows_read for file in imported.files)
    lines = ["", f"  {workspace.shop} · as of {AS_OF}", f"  {len(files)} files, {read:,} rows read just now"]
    return [*lines, *_story(workspace, report=report), f"  task sheets: {sheets}", "", *_people(workspace)]


def _take_first_play(workspace: Workspace, *, report: WeekReport, progress: Progress) -> Path:
    """Approves the first play only, so that the console still has something to decide."""
    document = report.as_document()
    waiting = set(open_proposals(SYSTEM))
    proposed = [item["id"] for item in document["proposals"]]
    if proposed and len(waiting) == len(proposed):
        progress("approving the first play")
        approve(SYSTEM, workspace=workspace, proposal=proposed[0])
    progress("task sheets a store and associate")
    write_tasks(SYSTEM, workspace=workspace, out=workspace.tasks, form=None)
    return workspace.tasks


def _story(workspace: Workspace, *, report: WeekReport) -> list[str]:
    with open_reader(SYSTEM, workspace) as lake:
        found = checkup.report(SYSTEM, lake=lake, as_of=AS_OF, language=workspace.language)
    problems = found.as_document()["findings"][:3]
    document = report.as_document()
    names = {play.code: play.name(workspace.language) for play in library(SYSTEM, workspace=workspace)}
    return [
        f"  {document['customers']:,} customers; {found.attachable_sales_share:.1%} of sales have a person behind them",
        "  the three most expensive data problems:",
        *(f"    ¥{p['money_minor'] / 100:>14,.2f}  {p['title']}" for p in problems),
        "  this week's plays:",
        *(
            f"    {proposed['people']:>7,} people, {proposed['holdout']:,} held out  {names[proposed['play']]}"
            for proposed in document["proposals"]
        ),
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
