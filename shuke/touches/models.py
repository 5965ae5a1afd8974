"""Tasks: one a proposal and customer."""

from django.db import models
from django.db.models import Q

STATES = ("planned", "exported", "done", "cancelled", "expired")


class Task(models.Model):
    """One person to be contacted by one associate. `store` and `associate` '' mean headquarters.

    `first_on` is the day it was first meant for, once it has been moved; `rolled` counts moves to a later week.
    `variables` and `why` hold facts without personal values; the name is put in when words are rendered.
    """

    code = models.CharField(max_length=12, unique=True)
    proposal = models.ForeignKey("proposals.Proposal", on_delete=models.PROTECT, related_name="tasks")
    as_of = models.DateField()
    play = models.CharField(max_length=60)
    segment = models.CharField(max_length=60)
    store = models.CharField(max_length=120, blank=True, default="")
    associate = models.CharField(max_length=60, blank=True, default="")
    customer_id = models.BigIntegerField(db_index=True)
    source = models.CharField(max_length=40, blank=True, default="")
    source_row_id = models.CharField(max_length=120, blank=True, default="")
    channel = models.CharField(max_length=20)
    tone = models.CharField(max_length=12, default="warm")
    variables = models.JSONField(default=dict)
    reason = models.CharField(max_length=40)
    offer_strength_share = models.FloatField(default=0)
    value_minor = models.BigIntegerField(default=0)
    send_on = models.DateField()
    first_on = models.DateField(null=True)
    rolled = models.PositiveSmallIntegerField(default=0)
    best_time = models.CharField(max_length=20)
    state = models.CharField(max_length=12, default="planned")
    outcome = models.CharField(max_length=20, blank=True, default="")
    note = models.TextField(blank=True, default="")
    outcome_at = models.DateTimeField(null=True)
    outcome_by = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["proposal", "customer_id"], name="one_task_a_proposal_and_customer"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="task_state_is_known"),
            models.CheckConstraint(condition=Q(outcome="") | Q(state="done"), name="task_with_outcome_is_done"),
        )
        indexes = (
            models.Index(fields=["store", "associate", "state"], name="tasks_by_associate"),
            models.Index(fields=["as_of", "state"], name="tasks_by_week"),
        )
