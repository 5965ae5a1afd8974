"""Reads of the room: search, profile, and the evidence behind a customer."""

from shuke.customers.queries.lookup import search
from shuke.customers.queries.profiles import Consent, NoSuchCustomer, Profile, aliases_of, consents, living_id, profile
from shuke.customers.queries.sources import SourceRecord, evidence
from shuke.customers.values import Key

__all__ = [
    "Consent",
    "Key",
    "NoSuchCustomer",
    "Profile",
    "SourceRecord",
    "aliases_of",
    "consents",
    "evidence",
    "living_id",
    "profile",
    "search",
]
