"""Batch rows: which exports were imported."""

from django.db.models import Max

from shuke.intake.actions.schema import Described
from shuke.intake.actions.staging import Staged
from shuke.intake.models import Batch
from shuke.intake.values import Kept, Recognised
from shuke.kernel.actor import Actor
from shuke.kernel.clock import utc_now


def next_batch_id() -> int:
    """The first free batch number; call it only while holding the lake's lease."""
    return int(Batch.objects.aggregate(last=Max("pk"))["last"] or 0) + 1


def earlier(kept: Kept) -> list[Batch]:
    """The batches of a file with the same bytes."""
    return list(Batch.objects.filter(sha256=kept.sha256).order_by("pk"))


def known_hashes() -> frozenset[str]:
    """SHA-256 of all files imported so far."""
    return frozenset(Batch.objects.values_list("sha256", flat=True))


def batch_of(
    actor: Actor,
    *,
    kept: Kept,
    recognised: Recognised,
    staged: Staged,
    batch_id: int,
    repairs: int | None,
    quarantine_file: str,
    described: Described,
) -> Batch:
    """The unsaved row of one part; the procedure saves it in the transaction that publishes the lake."""
    return Batch(
        id=batch_id,
        file=kept.name[:255],
        part=recognised.part.name[:255],
        sha256=kept.sha256,
        mapping=recognised.channel.code,
        mapping_version=recognised.channel.version,
        source=recognised.channel.source,
        kind=recognised.channel.kind.value,
        encoding=recognised.part.encoding,
        rows_read=staged.rows_read,
        staged=staged.staged,
        duplicate=staged.duplicate,
        quarantined=staged.quarantined,
        reasons=dict(staged.reasons),
        fields=dict(staged.fields),
        warnings=list(staged.warnings),
        observed=described.observed.as_document(),
        notes=[note.as_document() for note in described.notes],
        totals=dict(described.totals),
        quarantine_file=quarantine_file,
        repairs=repairs,
        first_on=staged.first_on,
        last_on=staged.last_on,
        imported_at=utc_now(),
        user=actor.name[:60],
    )
