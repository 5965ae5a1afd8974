"""Which files are the truth right now, and who may write."""

from django.db import models
from django.db.models import Q


class Generation(models.Model):
    """One published state of the lake. `tables` maps a table to its files (relative paths) and row count."""

    kind = models.CharField(max_length=40)
    tables = models.JSONField(default=dict)
    details = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    is_current = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="one_current_generation"),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(published_at__isnull=False), name="current_generation_is_published"
            ),
        )


class WriterLease(models.Model):
    """One lake writer at a time. The row exists while somebody writes."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    host = models.CharField(max_length=255)
    process = models.PositiveIntegerField()
    purpose = models.CharField(max_length=40)
    taken_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="one_writer_lease"),)
