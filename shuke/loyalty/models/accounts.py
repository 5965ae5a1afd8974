"""Accounts, their balances, lots, orders and holds: what the ledger's entries have made of them so far."""

from django.db import models
from django.db.models import F, Q


class Account(models.Model):
    """A member's account. Accounts that were merged share `group_id`, the id of the account that stands for them.

    `merged_into_id` is the account that this one was merged into, None for one that stands for itself. A frozen
    account takes no writes; the reason says why. `card_token_hash` finds the account of an open member card.
    """

    programme = models.CharField(max_length=30)
    member_no = models.CharField(max_length=60)
    customer_id = models.BigIntegerField(null=True)
    group_id = models.BigIntegerField(db_index=True)
    merged_into_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    frozen_reason = models.CharField(max_length=200, default="", blank=True)
    card_token_hash = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["programme", "member_no"], name="one_account_a_member_no"),
            models.UniqueConstraint(
                fields=["card_token_hash"], condition=~Q(card_token_hash=""), name="one_account_a_card_token"
            ),
            models.CheckConstraint(
                condition=Q(merged_into_id__isnull=True) | ~Q(merged_into_id=F("id")), name="account_not_own_alias"
            ),
            models.CheckConstraint(
                condition=Q(merged_into_id__isnull=False) | Q(group_id=F("id")), name="account_root_is_own_group"
            ),
        )
        indexes = (
            models.Index(fields=["customer_id"], condition=Q(customer_id__isnull=False), name="account_by_customer"),
        )


class Balance(models.Model):
    """The sums of an account's entries by book, and the end of its chain of transactions. Locked by each write.

    `free` counts pending, available and not yet posted expired points alike: which they are is a matter of the
    instant asked, not of this row. `transferred` is signed: what came from other accounts less what went to them.
    """

    account = models.OneToOneField(
        Account, on_delete=models.PROTECT, primary_key=True, db_constraint=False, related_name="balance"
    )
    free = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    owed = models.BigIntegerField(default=0)
    issued = models.BigIntegerField(default=0)
    clawed = models.BigIntegerField(default=0)
    burned = models.BigIntegerField(default=0)
    returned = models.BigIntegerField(default=0)
    expired = models.BigIntegerField(default=0)
    transferred = models.BigIntegerField(default=0)
    head = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(free__gte=0, held__gte=0, owed__gte=0), name="balance_not_negative"),
            models.CheckConstraint(
                condition=Q(
                    issued=F("clawed")
                    + F("burned")
                    - F("returned")
                    - F("transferred")
                    + F("free")
                    + F("held")
                    + F("expired")
                    - F("owed")
                ),
                name="balance_adds_up",
            ),
        )


class Lot(models.Model):
    """Points that came together and end together. What is not free, held or expired is spent or taken back."""

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="lots"
    )
    txn_id = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    points = models.BigIntegerField()
    free = models.BigIntegerField()
    held = models.BigIntegerField(default=0)
    expired = models.BigIntegerField(default=0)
    available_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    order_source = models.CharField(max_length=40, default="", blank=True)
    order_no = models.CharField(max_length=80, default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(points__gt=0, free__gte=0, held__gte=0, expired__gte=0), name="lot_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(points__gte=F("free") + F("held") + F("expired")), name="lot_within_its_points"
            ),
        )
        indexes = (
            models.Index(fields=["account", "available_at"], condition=Q(free__gt=0), name="lots_free_by_begin"),
            models.Index(fields=["account", "expires_at"], condition=Q(free__gt=0), name="lots_free_by_end"),
            models.Index(fields=["expires_at"], condition=Q(free__gt=0), name="lots_to_expire"),
        )


class Order(models.Model):
    """What an order earned or burned and how much of it was refunded; the second natural key of a write.

    `parts` of a burn are [lot, points, account, returned so far]. `settled` counts points that refunds have dealt
    with, `forgiven` those of them that had expired unspent. `growth` is the growth value that the order gave.
    """

    programme = models.CharField(max_length=30)
    source = models.CharField(max_length=40)
    order_no = models.CharField(max_length=80)
    role = models.CharField(max_length=4)
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="orders"
    )
    txn_id = models.BigIntegerField()
    lot_id = models.BigIntegerField(null=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    points = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    settled = models.BigIntegerField(default=0)
    forgiven = models.BigIntegerField(default=0)
    growth = models.BigIntegerField(default=0)
    multiplier_thousandths = models.IntegerField(default=1000)
    parts = models.JSONField(default=list)
    bought_on = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["programme", "source", "order_no", "role"], name="one_earning_and_burning_an_order"
            ),
            models.CheckConstraint(condition=Q(role__in=("earn", "burn")), name="order_role_is_known"),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("amount_minor")),
                name="order_refunded_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(forgiven__gte=0, settled__gte=F("forgiven"), points__gte=F("settled")),
                name="order_settled_within_points",
            ),
        )


class Hold(models.Model):
    """Points (and coupons) set aside for a checkout until `expires_at`. `parts` are [lot, points, account]."""

    programme = models.CharField(max_length=30)
    code = models.CharField(max_length=80)
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="holds"
    )
    points = models.BigIntegerField()
    parts = models.JSONField(default=list)
    coupons = models.JSONField(default=list)
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")
    txn_id = models.BigIntegerField()
    order_source = models.CharField(max_length=40, default="", blank=True)
    order_no = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["programme", "code"], name="one_hold_a_code"),
            models.CheckConstraint(
                condition=Q(state__in=("open", "captured", "released", "timed_out")), name="hold_state_is_known"
            ),
            models.CheckConstraint(condition=Q(points__gte=0), name="hold_not_negative"),
        )
        indexes = (
            models.Index(fields=["account"], condition=Q(state="open"), name="holds_open"),
            models.Index(fields=["expires_at"], condition=Q(state="open"), name="holds_to_time_out"),
        )
