"""The made-up retailer as values: what is read from definitions, and the arrays of people, orders and lines."""

from shuke.demo.values.arrays import DAY_SECONDS, NEVER, ZONE_SECONDS, Flags, Floats, Ints
from shuke.demo.values.purchases import Basket, Orders, People
from shuke.demo.values.responses import Answer, Arm, DemoSummary, Lived, Outcome, Purchase, Response, TaskRow, Week
from shuke.demo.values.world import (
    BULK,
    LIFELIKE,
    Calendar,
    Catalogue,
    Chain,
    Channel,
    Event,
    NameBook,
    Planted,
    Profile,
    Span,
    World,
)

__all__ = [
    "BULK",
    "DAY_SECONDS",
    "LIFELIKE",
    "NEVER",
    "ZONE_SECONDS",
    "Answer",
    "Arm",
    "Basket",
    "Calendar",
    "Catalogue",
    "Chain",
    "Channel",
    "DemoSummary",
    "Event",
    "Flags",
    "Floats",
    "Ints",
    "Lived",
    "NameBook",
    "Orders",
    "Outcome",
    "People",
    "Planted",
    "Profile",
    "Purchase",
    "Response",
    "Span",
    "TaskRow",
    "Week",
    "World",
]
