"""The one place where customer ids come from."""

from django.db import models


class Allocator(models.Model):
    """The next customer id that was never given out."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    next_id = models.BigIntegerField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(id=1), name="one_allocator"),
            models.CheckConstraint(condition=models.Q(next_id__gt=0), name="ids_are_positive"),
        )
