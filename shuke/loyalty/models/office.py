"""Claims of orders, adjustments that wait for a second person, and closed days."""

from django.db import models
from django.db.models import F, Q


class Claim(models.Model):
    """A customer's try to get the points of an order that carried no key; tries are limited against fraud."""

    programme = models.CharField(max_length=30)
    account_id = models.BigIntegerField()
    source = models.CharField(max_length=40)
    order_no = models.CharField(max_length=80)
    at = models.DateTimeField()
    result = models.CharField(max_length=40)

    class Meta:
        indexes = (
            models.Index(fields=["account_id", "at"], name="claims_of_account"),
            models.Index(fields=["programme", "source", "order_no"], name="claims_of_order"),
        )


class DayClose(models.Model):
    """A business day's sums beside those of its sales, with each difference by name."""

    programme = models.CharField(max_length=30)
    business_on = models.DateField()
    totals = models.JSONField(default=dict)
    differences = models.JSONField(default=list)
    closed_at = models.DateTimeField()
    actor = models.CharField(max_length=60)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["programme", "business_on"], name="one_close_a_day"),)


class Adjustment(models.Model):
    """Points that somebody asked to add or take; another person decides."""

    account_id = models.BigIntegerField()
    points = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="asked")
    decided_by = models.CharField(max_length=60, default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    txn_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(points=0), name="adjustment_adjusts"),
            models.CheckConstraint(
                condition=Q(state__in=("asked", "approved", "rejected")), name="adjustment_state_is_known"
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("asked_by")), name="adjustment_not_own"),
        )
        indexes = (models.Index(fields=["state", "asked_at"], name="adjustments_waiting"),)
