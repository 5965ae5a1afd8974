"""The append-only heart: transactions, chained by their hashes, and the entries that they post."""

from django.db import models
from django.db.models import F, Q

BOOKS = ("free", "held", "owed", "issued", "burned", "clawed", "returned", "expired", "transferred")


class Txn(models.Model):
    """One write that succeeded: who asked what under which key, and the answer that every repeat is given.

    `at` is when it happened in business, `recorded_at` when the ledger took it, `business_on` the day that it counts
    for. `hash` seals the row, its entries and `previous`, the hash of the account's transaction before it.
    """

    account_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    client = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    request_hash = models.CharField(max_length=64)
    answer = models.JSONField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    business_on = models.DateField()
    store = models.CharField(max_length=60, default="", blank=True)
    channel = models.CharField(max_length=40, default="", blank=True)
    order_source = models.CharField(max_length=40, default="", blank=True)
    order_no = models.CharField(max_length=80, default="", blank=True)
    reason = models.CharField(max_length=200, default="", blank=True)
    actor = models.CharField(max_length=60)
    previous = models.CharField(max_length=64, default="", blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["client", "key"], name="one_txn_a_key"),)
        indexes = (models.Index(fields=["account_id", "id"], name="txns_of_account"),)


class Entry(models.Model):
    """Points moved from one book of an account to another; `lot_id` is None where only debt moves."""

    txn_id = models.BigIntegerField(db_index=True)
    account_id = models.BigIntegerField()
    lot_id = models.BigIntegerField(null=True)
    source = models.CharField(max_length=11)
    target = models.CharField(max_length=11)
    points = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(points__gt=0), name="entry_moves_something"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="entry_goes_elsewhere"),
            models.CheckConstraint(condition=Q(source__in=BOOKS, target__in=BOOKS), name="entry_books_are_known"),
        )
        indexes = (models.Index(fields=["account_id", "id"], name="entries_of_account"),)
