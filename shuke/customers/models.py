"""The one place where customer ids come from, and what people decided about who is who."""

from django.db import models
from django.db.models import Q

KINDS = ("merge", "split", "same", "different", "skipped", "revoked")
ANSWERS = ("same", "different", "unsure")


class Allocator(models.Model):
    """The next customer id that was never given out."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    next_id = models.BigIntegerField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(id=1), name="one_allocator"),
            models.CheckConstraint(condition=models.Q(next_id__gt=0), name="ids_are_positive"),
        )


class Decision(models.Model):
    """One decision of a person about who is who; never changed. It is in force until a row `revokes` it.

    `left_id` and `right_id` are the customers that were looked at (side 0 and 1); `pair_id` is the pair of the queue.
    `because` is the later decision that ended it, on rows that revoke.
    """

    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    role = models.CharField(max_length=20)
    user_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=12)
    reason = models.TextField(blank=True, default="")
    left_id = models.BigIntegerField(null=True)
    right_id = models.BigIntegerField(null=True)
    pair_id = models.CharField(max_length=60, blank=True, default="", db_index=True)
    revokes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="revocation")
    because = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="ended")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="decision_kind_is_known"),
            models.CheckConstraint(
                condition=Q(kind="revoked", revokes__isnull=False) | (~Q(kind="revoked") & Q(revokes__isnull=True)),
                name="only_revocations_revoke",
            ),
        )


class DecisionRecord(models.Model):
    """A source record that a decision names, and whose it was then: `own_id` the automatic part's id."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="records")
    record_id = models.BigIntegerField(db_index=True)
    side = models.PositiveSmallIntegerField()
    customer_id = models.BigIntegerField(null=True)
    own_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["decision", "record_id"], name="a_record_once_a_decision"),
            models.CheckConstraint(condition=Q(side__in=(0, 1)), name="decision_has_two_sides"),
        )


class Label(models.Model):
    """One answer in a labelling sample; never changed, the latest a pair counts. It pins nothing."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    user_id = models.BigIntegerField(null=True)
    pair_id = models.CharField(max_length=60, db_index=True)
    left_record = models.BigIntegerField()
    right_record = models.BigIntegerField()
    stratum = models.CharField(max_length=12)
    answer = models.CharField(max_length=12)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(answer__in=ANSWERS), name="label_answer_is_known"),)
