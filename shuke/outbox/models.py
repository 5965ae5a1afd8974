"""Facts in the order of their positions, cursors, leases, and webhooks with their deliveries."""

from django.db import models
from django.db.models import Q


class Fact(models.Model):
    """Something that happened, written in its cause's own transaction.

    `kind` is dotted (loyalty.earn); `key` names the fact for ever (`txn:123`); `object_id` is the account or other
    object it is about; `position` is null until the relay has seen the row committed. Opaque ids, nothing personal.
    """

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    object_id = models.BigIntegerField()
    payload = models.JSONField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    position = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["key"], name="one_fact_a_key"),
            models.UniqueConstraint(fields=["position"], name="one_fact_a_position"),
            models.CheckConstraint(
                condition=Q(position__isnull=True) | Q(position__gt=0), name="fact_position_is_counted"
            ),
        )
        indexes = (models.Index(fields=["id"], condition=Q(position__isnull=True), name="facts_without_position"),)


class Consumer(models.Model):
    """How far one reader of facts has come: everything up to `position` is done. `relay` holds the last one dealt."""

    name = models.CharField(max_length=40, primary_key=True)
    position = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(position__gte=0), name="consumer_position_is_counted"),)


class Lease(models.Model):
    """Who does a job now, and until when others keep their hands off it."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=80)
    until = models.DateTimeField()


class Endpoint(models.Model):
    """An address that is told of facts. `kinds` are names or prefixes ending in `.*`; `*` is everything.

    `secret` signs; `old_secret` signs beside it while a receiver changes over. Disabled: `disabled_at` and the reason.
    """

    url = models.CharField(max_length=500)
    kinds = models.JSONField(default=list)
    secret = models.CharField(max_length=120)
    old_secret = models.CharField(max_length=120, blank=True, default="")
    created_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_reason = models.CharField(max_length=40, blank=True, default="")


class Delivery(models.Model):
    """One fact on its way to one endpoint. `message` is the id of the message, the same in each attempt and replay."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="+")
    message = models.CharField(max_length=60)
    state = models.CharField(max_length=10, default="waiting")
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)
    last_status = models.PositiveIntegerField(null=True)
    last_trouble = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["endpoint", "fact"], name="one_delivery_an_endpoint_and_fact"),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "delivered", "failed")), name="delivery_state_is_known"
            ),
        )
        indexes = (
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="deliveries_due"),
            models.Index(fields=["endpoint", "-id"], name="deliveries_by_endpoint"),
        )


class Received(models.Model):
    """A message of somebody else's webhook that was taken in, so that its replay is refused."""

    source = models.CharField(max_length=40)
    message = models.CharField(max_length=120)
    received_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "message"], name="one_message_once"),)
