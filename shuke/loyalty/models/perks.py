"""Growth value, tiers, coupons, budgets and the use of benefits."""

from django.db import models
from django.db.models import F, Q


class Growth(models.Model):
    """Growth value gained, or lost by a refund (negative). `counts_on` is the business day that it counts for."""

    txn_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    points = models.BigIntegerField()
    at = models.DateTimeField()
    counts_on = models.DateField()
    order_source = models.CharField(max_length=40, default="", blank=True)
    order_no = models.CharField(max_length=80, default="", blank=True)
    reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        indexes = (models.Index(fields=["account_id", "counts_on", "points"], name="growth_of_account"),)


class Tier(models.Model):
    """A change of an account's tier; the latest row is the one that was written down last."""

    txn_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    tier = models.CharField(max_length=30)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=40)

    class Meta:
        indexes = (models.Index(fields=["account_id", "id"], name="tiers_of_account"),)


class Coupon(models.Model):
    """One coupon with its code; `account_id` None: whoever brings the code. Held and used coupons both count."""

    programme = models.CharField(max_length=30)
    code = models.CharField(max_length=60)
    campaign = models.CharField(max_length=60)
    account_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=8, default="issued")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    hold_id = models.BigIntegerField(null=True)
    held_until = models.DateTimeField(null=True)
    held_minor = models.BigIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    txn_id = models.BigIntegerField(null=True)
    order_source = models.CharField(max_length=40, default="", blank=True)
    order_no = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["programme", "code"], name="one_coupon_a_code"),
            models.CheckConstraint(
                condition=Q(state__in=("issued", "held", "used", "void")), name="coupon_state_is_known"
            ),
        )
        indexes = (
            # A million codes that nobody has brought yet stand in two indexes only: that of the codes and the last.
            models.Index(
                fields=["account_id", "campaign"], condition=Q(account_id__isnull=False), name="coupons_of_member"
            ),
            models.Index(
                fields=["programme", "order_source", "order_no", "campaign"],
                condition=Q(order_no__gt=""),
                name="coupons_of_sale",
            ),
            models.Index(fields=["programme", "held_until"], condition=Q(state="held"), name="coupons_held"),
            models.Index(fields=["programme", "campaign", "state"], condition=Q(state="void"), name="coupons_void"),
            models.Index(
                fields=["programme", "campaign", "expires_at", "state"],
                condition=Q(state="issued"),
                name="coupons_to_use",
            ),
        )


class CouponEvent(models.Model):
    """What happened to a coupon, refusals included. Append-only."""

    coupon_id = models.BigIntegerField(null=True)
    campaign = models.CharField(max_length=60)
    account_id = models.BigIntegerField(null=True)
    txn_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=8)
    reason = models.CharField(max_length=60, default="", blank=True)
    at = models.DateTimeField()
    details = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=("issued", "held", "used", "released", "void", "refused")),
                name="coupon_event_kind_is_known",
            ),
        )
        indexes = (
            models.Index(fields=["campaign", "at"], name="coupon_events_of_campaign"),
            models.Index(fields=["coupon_id"], name="coupon_events_of_coupon"),
        )


class Budget(models.Model):
    """What a campaign may cost, what is reserved by held coupons and what is used."""

    programme = models.CharField(max_length=30)
    code = models.CharField(max_length=60)
    limit_minor = models.BigIntegerField()
    reserved_minor = models.BigIntegerField(default=0)
    used_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["programme", "code"], name="one_budget_a_code"),
            models.CheckConstraint(
                condition=Q(
                    reserved_minor__gte=0, used_minor__gte=0, limit_minor__gte=F("reserved_minor") + F("used_minor")
                ),
                name="budget_within_its_limit",
            ),
        )


class BenefitUse(models.Model):
    """A benefit booked or used, with its cost; cancelled ones give their quota back."""

    account_id = models.BigIntegerField()
    benefit = models.CharField(max_length=60)
    period_start = models.DateField()
    units = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10)
    at = models.DateTimeField()
    store = models.CharField(max_length=60, default="", blank=True)
    associate = models.CharField(max_length=60, default="", blank=True)
    cost_minor = models.BigIntegerField(default=0)
    note = models.CharField(max_length=500, default="", blank=True)
    txn_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("booked", "used", "cancelled")), name="benefit_use_state_is_known"
            ),
        )
        indexes = (models.Index(fields=["account_id", "benefit", "period_start"], name="benefit_uses_of_account"),)
