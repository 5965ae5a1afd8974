"""The journal's one table."""

from django.db import models


class Entry(models.Model):
    """One thing done. `object_id` is opaque; `details` hold numbers and codes, never names or phones."""

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=60)
    role = models.CharField(max_length=20)
    user_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=40)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=80)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=["object_type", "object_id", "-at"], name="journal_by_object"),)
