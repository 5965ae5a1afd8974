"""Facts of the outbox to the lake's table `loyalty_facts`, each exactly once: cursor and generation in one commit."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import transaction

from shuke.kernel.actor import Actor
from shuke.kernel.workspace import Workspace
from shuke.lake.actions import Run, open_run
from shuke.lake.rules import files_source
from shuke.outbox.actions import advance, deal_positions
from shuke.outbox.queries import cursor_of, facts_after
from shuke.outbox.rules import payload_text
from shuke.outbox.values import PlacedFact

TABLE = "loyalty_facts"
_LAKE = "lake"
_A_FILE = 20_000
# A flush every few minutes makes many small files; so many of them become one.
_MOST_SMALL = 24
_SMALL_BYTES = 16_000_000
_COLUMNS = "position, fact_id, kind, key, account_id, event_at, recorded_at, payload"


def relay(actor: Actor) -> int:
    """Gives all committed facts their positions; returns how many."""
    dealt, last = 0, -1
    while last:
        last = deal_positions(actor)
        dealt += last
    return dealt


def flush_outbox(actor: Actor, *, workspace: Workspace, most: int = 500_000) -> int:
    """Appends placed facts after the lake's cursor, at most `most`; returns how many.

    Killed before the commit, nothing has happened: the files are swept away by the next run. Raises `LakeBusy` while
    somebody else writes to the lake; nothing is lost, the next flush takes them.
    """
    since = cursor_of(actor, consumer=_LAKE)
    if not facts_after(actor, position=since, limit=1):
        return 0
    with open_run(workspace, kind="facts") as run:
        since = reached = cursor_of(actor, consumer=_LAKE)
        while reached - since < most:
            facts = facts_after(actor, position=reached, limit=_A_FILE)
            if not facts:
                break
            _append(run, facts)
            reached = facts[-1].position
        _fold_small_files(run)
        publish(actor, run=run, since=since, to=reached)
    return reached - since


def publish(actor: Actor, *, run: Run, since: int, to: int) -> None:
    """The one commit: the cursor stands after the facts that the published files hold."""
    with transaction.atomic():
        advance(actor, consumer=_LAKE, since=since, to=to)
        run.publish()


def _append(run: Run, facts: Sequence[PlacedFact]) -> None:
    cursor = run.reader().cursor
    cursor.register("placed_facts", _arrow(facts))
    try:
        run.append(TABLE, sql=f"select {_COLUMNS} from placed_facts")
    finally:
        cursor.unregister("placed_facts")


def _arrow(facts: Sequence[PlacedFact]) -> Any:
    instant = pa.timestamp("us")
    return pa.table(
        {
            "position": pa.array([fact.position for fact in facts], pa.int64()),
            "fact_id": pa.array([fact.id for fact in facts], pa.int64()),
            "kind": pa.array([fact.kind for fact in facts], pa.string()),
            "key": pa.array([fact.key for fact in facts], pa.string()),
            "account_id": pa.array([fact.object_id for fact in facts], pa.int64()),
            "event_at": pa.array([_naive(fact.at) for fact in facts], instant),
            "recorded_at": pa.array([_naive(fact.recorded_at) for fact in facts], instant),
            "payload": pa.array([payload_text(fact.payload) for fact in facts], pa.string()),
        }
    )


def _naive(at: datetime) -> datetime:
    """The lake keeps UTC without saying so."""
    return at.astimezone(UTC).replace(tzinfo=None)


def _fold_small_files(run: Run) -> None:
    """Writes the small files at the table's end as one, in the same run; readers of older generations keep theirs."""
    entry, root = run.tables[TABLE], run.workspace.lake
    files: list[str] = entry["files"]
    small = [name for name in files if (root / name).stat().st_size < _SMALL_BYTES]
    if len(small) < _MOST_SMALL:
        return
    path: Path = run.new_path(TABLE)
    source = files_source(root, small)
    run.reader().copy_to(path, sql=f"select {_COLUMNS} from {source} order by position")
    kept = [name for name in files if name not in set(small)]
    run.tables[TABLE] = {"files": [*kept, str(path.relative_to(root))], "rows": entry["rows"]}
