"""Which exports were imported, and what became of their rows."""

from django.db import models
from django.db.models import F, Q


class Batch(models.Model):
    """One export: a file, a sheet of a workbook or a part of a table file. `row counts` add up by constraint."""

    id = models.BigIntegerField(primary_key=True)
    file = models.CharField(max_length=255)
    part = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    mapping = models.CharField(max_length=60)
    mapping_version = models.PositiveIntegerField()
    source = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    encoding = models.CharField(max_length=20)
    rows_read = models.BigIntegerField()
    staged = models.BigIntegerField()
    duplicate = models.BigIntegerField()
    quarantined = models.BigIntegerField()
    reasons = models.JSONField(default=dict)
    fields = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)
    observed = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    totals = models.JSONField(default=dict)
    quarantine_file = models.CharField(max_length=255, blank=True)
    repairs = models.BigIntegerField(null=True)
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    imported_at = models.DateTimeField()
    user = models.CharField(max_length=60)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(rows_read=F("staged") + F("duplicate") + F("quarantined")), name="batch_rows_add_up"
            ),
            models.UniqueConstraint(fields=["sha256", "part"], name="one_batch_an_export"),
        )
