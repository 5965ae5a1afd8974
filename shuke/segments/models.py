"""The shop's own segments and every version of them."""

from django.db import models
from django.db.models import Q


class OwnSegment(models.Model):
    """One segment made in the builder; its code is `own_<id>`. A removed one keeps its row and versions."""

    name = models.CharField(max_length=60)
    rule = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    created_by = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    changed_by = models.CharField(max_length=60)
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["name"], condition=Q(removed_at__isnull=True), name="one_own_segment_of_a_name"
            ),
        )


class OwnSegmentVersion(models.Model):
    """One version of an own segment: what it was, by whom."""

    segment = models.ForeignKey(OwnSegment, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    verb = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    rule = models.JSONField()
    actor = models.CharField(max_length=60)
    user_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["segment", "version"], name="one_row_a_version_of_a_segment"),)
