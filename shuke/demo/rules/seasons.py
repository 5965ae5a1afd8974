"""How demand moves over the days of the span."""

import numpy as np

from shuke.demo.values import Calendar, Channel, Floats, Span

SENSITIVITY_GROUPS = 3


def channel_boost(calendar: Calendar, *, span: Span) -> Floats:
    """Factor of demand by channel and day, shape (channels, days): events and weekdays."""
    store, online = np.ones(span.days), np.ones(span.days)
    for event in calendar.events:
        days = slice(event.first, event.last + 1)
        store[days] = np.maximum(store[days], event.store) if event.store >= 1 else event.store
        online[days] = np.maximum(online[days], event.online) if event.online >= 1 else event.online
    weekday = calendar.weekday[(span.start_on.weekday() + np.arange(span.days)) % 7]
    flat = 1 + (weekday - 1) * 0.3
    rows = {Channel.POS: store * weekday, Channel.MEITUAN: np.sqrt(store) * weekday}
    return np.stack([rows.get(channel, online * flat) for channel in Channel])


def demand(boost: Floats, *, channel_share: Floats) -> Floats:
    """Demand by group of price sensitivity and day, mean about 1: sensitive people wait for the events."""
    overall = np.asarray(channel_share @ boost / max(channel_share.sum(), 1e-9))
    overall = np.maximum(overall, 1e-3)
    powers = np.linspace(0.5, 1.3, SENSITIVITY_GROUPS)
    return np.stack([overall**power / np.mean(overall**power) for power in powers])


def promotion(calendar: Calendar, *, span: Span) -> Floats:
    """Share of lines that are sold at a discount by day."""
    share = np.full(span.days, 0.12)
    for event in calendar.events:
        days = slice(event.first, event.last + 1)
        share[days] = np.maximum(share[days], event.promotion)
    return share


def season_open(calendar: Calendar, *, span: Span) -> dict[str, Floats]:
    """For each season with goods of its own, 1 on the days they are sold and 0 else."""
    opened: dict[str, Floats] = {}
    for event in calendar.events:
        if event.season:
            opened.setdefault(event.name, np.zeros(span.days))[event.first : event.last + 1] = 1.0
    return opened
