"""Reads the catalogue, the stores, the names and the calendar that people may edit."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from shuke.demo.values import Calendar, Catalogue, Chain, Event, NameBook, Response, Span, World

_FOLDER = Path(__file__).parent.parent / "definitions"
_ALWAYS = -10_000


def load_world(seed: int, *, as_of: date, days: int) -> World:
    """Everything that is fixed before people are drawn, for the `days` days before `as_of`."""
    span = Span(as_of, days)
    return World(
        seed=seed,
        span=span,
        catalogue=_catalogue(_read("catalogue"), days=days),
        chain=_chain(_read("stores")),
        names=_names(_read("names")),
        calendar=_calendar(_read("calendar"), span=span),
    )


def load_response() -> Response:
    """How people answer plays and staff work."""
    document = _read("response")
    lists = {key: {code: tuple(texts) for code, texts in document[key].items()} for key in ("words", "notes")}
    return Response(**{**document, **lists, "diligence": tuple(document["diligence"])})


def _read(name: str) -> dict[str, Any]:
    document = yaml.safe_load((_FOLDER / f"{name}.yaml").read_text("utf-8"))
    if not isinstance(document, dict):
        raise TypeError(f"{name}.yaml must hold a mapping")
    return document


def _catalogue(document: dict[str, Any], *, days: int) -> Catalogue:
    goods: list[tuple[int, dict[str, Any]]] = []
    for position, category in enumerate(document["categories"]):
        for product in category["products"]:
            named = product if isinstance(product, dict) else dict(zip(_FIELDS, product, strict=True))
            goods.append((position, named))
    return Catalogue(
        categories=tuple(c["name"] for c in document["categories"]),
        category_weight=np.array([c["weight"] for c in document["categories"]], dtype=np.float64),
        sku=tuple(p["sku"] for _, p in goods),
        name=tuple(p["name"] for _, p in goods),
        category=np.array([c for c, _ in goods], dtype=np.int64),
        price=np.array([round(p["price"] * 100) for _, p in goods], dtype=np.int64),
        cost=np.array([round(p["cost"] * 100) for _, p in goods], dtype=np.int64),
        popularity=np.array([p["popularity"] for _, p in goods], dtype=np.float64),
        launched=np.array([days - p["launched"] if "launched" in p else _ALWAYS for _, p in goods], dtype=np.int64),
        season=tuple(p.get("season", "") for _, p in goods),
    )


_FIELDS = ("sku", "name", "price", "cost", "popularity")


def _chain(document: dict[str, Any]) -> Chain:
    stores = document["stores"]

    def column(name: str) -> tuple[str, ...]:
        return tuple(str(s[name]) for s in stores)

    return Chain(
        brand=document["brand"],
        online_shops=document["online_shops"],
        code=column("code"),
        name=column("name"),
        city=column("city"),
        province=column("province"),
        district=column("district"),
        weight=np.array([s["weight"] for s in stores], dtype=np.float64),
        associates=tuple(n for s in stores for n in s["associates"]),
        cashiers=tuple(n for s in stores for n in s["cashiers"]),
        roads=tuple(document["roads"]),
        estates=tuple(document["estates"]),
    )


def _names(document: dict[str, Any]) -> NameBook:
    return NameBook(
        surnames=tuple(document["surnames"]),
        surname_share=np.array(list(document["surnames"].values()), dtype=np.float64),
        female=tuple(document["female"]),
        male=tuple(document["male"]),
        nicknames=tuple(document["nicknames"]),
        prefixes=np.array(document["prefixes"], dtype=np.int64),
    )


def _calendar(document: dict[str, Any], *, span: Span) -> Calendar:
    events = []
    for event in document["events"]:
        for on in event["dates"]:
            first, last = span.day(on) + event["from"], span.day(on) + event["to"]
            if last < 0 or first >= span.days:
                continue
            events.append(
                Event(event["name"], max(first, 0), min(last, span.days - 1), event["store"], event["online"],
                      event["promotion"], bool(event.get("season", False)))
            )  # fmt: skip
    hours = {name: np.array(weights, dtype=np.float64) for name, weights in document["hours"].items()}
    return Calendar(
        weekday=np.array(document["weekday"], dtype=np.float64),
        hours_store=hours["store"],
        hours_online=hours["online"],
        hours_delivery=hours["delivery"],
        events=tuple(events),
    )
