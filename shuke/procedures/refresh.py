"""From staged rows to customers, activity and the check-up: the first half of the week, alone after an import.

Nothing is computed twice: each half carries a fingerprint of the staged files, the SQL and the day it stands on,
kept with the generation; where it is unchanged the tables are the ones already there.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

import shuke.activity.actions as activity
import shuke.checkup.actions as checkup
import shuke.customers.actions as customers
import shuke.reference.actions as reference
import shuke.touches.actions as touches
import shuke.touches.queries as touched
from shuke.customers.queries import alias_sets, epoch
from shuke.kernel.actor import SYSTEM, Actor
from shuke.kernel.clock import today, utc_now
from shuke.kernel.errors import ShukeError
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import Run, open_run
from shuke.lake.queries import current_generation
from shuke.procedures.link_accounts import link_accounts

Progress = Callable[[str], None]
# Intake is left out: what it did stands in the staged files.
_FACT_ROOMS = ("reference", "customers", "activity")


class NothingImported(ShukeError):
    """There is no staged row to work on."""


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did. `resolution` is None where customers were already up to date."""

    parameters: Mapping[str, Any]
    resolution: "customers.Resolution | None"


def refresh(actor: Actor, *, run: Run, as_of: date | None, progress: Progress) -> Refreshed:
    """Builds reference, customers, activity and checkup in `run`; the caller publishes with `commit`."""
    parameters = parameters_of(run, as_of=as_of)
    facts = _fingerprint(run.workspace, tables=run.tables, rooms=_FACT_ROOMS)
    resolution = None
    if run.generation.details.get("facts") != facts:
        progress("stores, associates and products")
        reference.build(actor, run=run, parameters=parameters)
        progress("one customer, one id")
        resolution = customers.resolve(actor, run=run)
        progress("orders, lines and visits by customer")
        activity.build(actor, run=run, parameters=parameters)
    salt = f"{facts}|{parameters['as_of']}"
    stand = _fingerprint(run.workspace, tables=run.tables, rooms=("checkup",), salt=salt)
    if run.generation.details.get("checkup") != stand:
        progress("check-up: every problem with its money")
        checkup.build(actor, run=run, parameters=parameters)
    run.generation.details |= {"facts": facts, "checkup": stand, "as_of": str(parameters["as_of"])}
    return Refreshed(parameters=parameters, resolution=resolution)


def commit(actor: Actor, *, run: Run, refreshed: Refreshed) -> None:
    """Publishes the run and books the new customer ids; call it inside a transaction with what else belongs to it.

    Where customers became one, by a person's decision or by new evidence, what both have queued is sent once.
    """
    if refreshed.resolution is not None:
        customers.commit_resolution(actor, resolution=refreshed.resolution)
        asked = touched.open_customers(SYSTEM)
        same = alias_sets(SYSTEM, lake=run.reader(), customer_ids=asked)
        touches.cancel_doubles(actor, same=sorted({tuple(sorted(ids)) for ids in same.values()}))
    run.publish()


def check(actor: Actor, *, workspace: Workspace, as_of: date | None = None, progress: Progress) -> date:
    """Brings everything up to the check-up up to date and returns the day it stands on."""
    with open_run(workspace, kind="checkup") as run:
        refreshed = refresh(actor, run=run, as_of=as_of, progress=progress)
        with transaction.atomic():
            commit(actor, run=run, refreshed=refreshed)
    link_accounts(SYSTEM, workspace=workspace, now=utc_now(), progress=progress)
    found: date = refreshed.parameters["as_of"]
    return found


def ensure(actor: Actor, *, workspace: Workspace, progress: Progress) -> None:
    """Brings customers and activity up to date where something was imported since; else touches nothing."""
    current = current_generation()
    tables = current.tables if current else {}
    facts = _fingerprint(workspace, tables=tables, rooms=_FACT_ROOMS)
    if current is None or current.details.get("facts") != facts:
        check(actor, workspace=workspace, progress=progress)


def parameters_of(run: Run, *, as_of: date | None) -> dict[str, Any]:
    """What every SQL model may use; `as_of` defaults to the day after the last order, tomorrow at the latest."""
    lake = run.reader()
    if not any(entry.get("rows") for name, entry in run.tables.items() if name.startswith("staged_")):
        raise NothingImported("Nothing has been imported yet.", hint="Run 'shuke import FILES' first.")
    last = lake.value("select max(ordered_on) from staged_sales")
    tomorrow = today(run.workspace.timezone) + timedelta(days=1)
    day = as_of or (min(last + timedelta(days=1), tomorrow) if last else tomorrow)
    return {"as_of": day, "timezone": run.workspace.timezone, "currency": run.workspace.currency}


def _fingerprint(workspace: Workspace, *, tables: Mapping[str, Any], rooms: tuple[str, ...], salt: str = "") -> str:
    """Changes with a staged file, the shop's zone, currency or own guards, a decision of a person about who is who, or
    anything in the rooms: SQL, rules, definitions.
    """
    parts = [salt, workspace.timezone, workspace.currency, workspace.shop, str(epoch(SYSTEM))]
    own = workspace.root / "guards.yaml"
    parts += [own.read_bytes().hex()] if own.exists() else []
    for name in sorted(tables):
        if name.startswith("staged_") or name == "import_rows":
            parts.extend(tables[name].get("files", []))
    return hashlib.sha256("\n".join([*parts, *(_room_text(room) for room in rooms)]).encode()).hexdigest()


@cache
def _room_text(room: str) -> str:
    """All that decides a room's results, as one hash."""
    folder = Path(__file__).parent.parent / room
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".sql", ".yaml", ".py"} and "migrations" not in path.parts:
            found.update(path.read_bytes())
    return found.hexdigest()
