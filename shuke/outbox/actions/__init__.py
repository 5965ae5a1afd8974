"""Writes of the outbox: positions, cursors, leases, endpoints, deliveries, messages taken in."""

from shuke.outbox.actions.deliveries import replay, send_due, spread_facts
from shuke.outbox.actions.endpoints import add_endpoint, disable_endpoint, enable_endpoint, renew_secret
from shuke.outbox.actions.incoming import ReplayedWebhook, take_in
from shuke.outbox.actions.leases import give_back, take_lease
from shuke.outbox.actions.positions import advance, deal_positions

__all__ = [
    "ReplayedWebhook",
    "add_endpoint",
    "advance",
    "deal_positions",
    "disable_endpoint",
    "enable_endpoint",
    "give_back",
    "renew_secret",
    "replay",
    "send_due",
    "spread_facts",
    "take_in",
    "take_lease",
]
