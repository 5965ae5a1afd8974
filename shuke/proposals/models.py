"""Proposals and every version of them."""

from django.db import models
from django.db.models import F, Q

STATES = ("draft", "proposed", "approved", "rejected", "withdrawn", "exported")


class Proposal(models.Model):
    """One play proposed to one store ('' = headquarters) for one week. `people` = `treated` + `holdout`.

    Money in minor units of `currency`. `holdout_places` is how many of the lowest draws are held out where somebody
    edited the share (null: as drawn); `removed` are customers taken out by hand, in neither count.
    `plan` is the play as it was proposed (words, offer, hours); `evidence` the computed values behind its sentences.
    A draft is a play that nobody can be in this week: it is kept to say why.
    """

    id = models.BigIntegerField(primary_key=True)
    as_of = models.DateField(db_index=True)
    play = models.CharField(max_length=60)
    segment = models.CharField(max_length=60)
    store = models.CharField(max_length=120, blank=True, default="")
    state = models.CharField(max_length=12, default="proposed")
    version = models.PositiveIntegerField(default=1)
    people = models.PositiveIntegerField(default=0)
    treated = models.PositiveIntegerField(default=0)
    holdout = models.PositiveIntegerField(default=0)
    excluded = models.PositiveIntegerField(default=0)
    channel = models.CharField(max_length=20, blank=True, default="")
    currency = models.CharField(max_length=3)
    cost_minor = models.BigIntegerField(default=0)
    gain_minor = models.BigIntegerField(default=0)
    gain_low_minor = models.BigIntegerField(default=0)
    gain_high_minor = models.BigIntegerField(default=0)
    basis = models.CharField(max_length=12, default="prior")
    salt = models.CharField(max_length=120)
    holdout_share = models.FloatField()
    holdout_places = models.PositiveIntegerField(null=True)
    removed = models.JSONField(default=list)
    plan = models.JSONField(default=dict)
    evidence = models.JSONField(default=dict)
    reason = models.TextField(blank=True, default="")
    decided_by = models.CharField(max_length=60, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["as_of", "play", "store"], name="one_proposal_a_week_play_and_store"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="proposal_state_is_known"),
            models.CheckConstraint(condition=Q(people=F("treated") + F("holdout")), name="proposal_people_add_up"),
        )


class ProposalReview(models.Model):
    """One version of a proposal: what was done to it, by whom and why."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="reviews")
    version = models.PositiveIntegerField()
    verb = models.CharField(max_length=20)
    actor = models.CharField(max_length=60)
    user_id = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True, default="")
    at = models.DateTimeField()
    snapshot = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["proposal", "version"], name="one_review_a_version"),)
