"""Reads of the room: search, profile, evidence, pairs in review, decisions, the life of an id, measured quality."""

from shuke.customers.queries.decisions import BuiltOn, applied_epoch, decisions, epoch, held_pins, waiting
from shuke.customers.queries.forecasts import NotUndoable, customers_of, decision_sides, split_ids
from shuke.customers.queries.lives import certainty, history, household, living_at
from shuke.customers.queries.lookup import search
from shuke.customers.queries.measuring import measured
from shuke.customers.queries.profiles import (
    Consent,
    NoSuchCustomer,
    Profile,
    alias_sets,
    aliases_of,
    consents,
    living_id,
    profile,
)
from shuke.customers.queries.review import NoSuchPair, label_batch, pair_records, review_pair, review_queue
from shuke.customers.queries.sides import sides_of
from shuke.customers.queries.sources import SourceRecord, evidence
from shuke.customers.queries.whole import Whole, contradictions, whole
from shuke.customers.values import Key

__all__ = [
    "BuiltOn",
    "Consent",
    "Key",
    "NoSuchCustomer",
    "NoSuchPair",
    "NotUndoable",
    "Profile",
    "SourceRecord",
    "Whole",
    "alias_sets",
    "aliases_of",
    "applied_epoch",
    "certainty",
    "consents",
    "contradictions",
    "customers_of",
    "decision_sides",
    "decisions",
    "epoch",
    "evidence",
    "held_pins",
    "history",
    "household",
    "label_batch",
    "living_at",
    "living_id",
    "measured",
    "pair_records",
    "profile",
    "review_pair",
    "review_queue",
    "search",
    "sides_of",
    "split_ids",
    "waiting",
    "whole",
]
