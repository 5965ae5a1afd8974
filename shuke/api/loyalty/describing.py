"""How writes look in the description: body with an example, the key's header, the refusals."""

from typing import Any

from pydantic import BaseModel

from shuke.api.loyalty.answers import RefusalOut

_ORDER = {"source": "pos", "no": "20261123-0007"}
_CART = {"lines": [{"sku": "MUG-01", "amount_minor": 12800, "quantity": 2}], "store": "滨江店", "currency": "CNY"}
_COMMON = {"member": "M10001"}
_PAID = {"total_minor": 12800, "currency": "CNY", "store": "滨江店"}
EXAMPLES: dict[str, dict[str, Any]] = {
    "enrol": _COMMON,
    "earn": {
        **_COMMON, "order": _ORDER, "eligible_minor": 12800, "currency": "CNY", "bought_on": "2026-11-23",
        "store": "滨江店", "channel": "store",
    },
    "burn": {**_COMMON, "order": _ORDER, "points": 500, **_PAID},
    "hold": {**_COMMON, "code": "CHECKOUT-7", "points": 500, "seconds": 900, "store": "滨江店"},
    "capture": {"code": "CHECKOUT-7", "order": _ORDER, **_PAID},
    "release": {"code": "CHECKOUT-7"},
    "refund": {"order": _ORDER, "refunded_minor": 3000, "currency": "CNY", "store": "滨江店"},
    "transfer": {**_COMMON, "to": "M10002", "points": 100, "reason": "family"},
    "grow": {**_COMMON, "behaviour": "review", "reference": "review-881"},
    "merge": {"kept": "M10001", "other": "M10009", "reason": "same person"},
    "split": {"member": "M10009", "reason": "two people after all"},
    "coupons/issue": {**_COMMON, "campaign": "welcome"},
    "coupons/void": {**_COMMON, "coupon": "WELCOME-7Q2K", "reason": "sent by mistake"},
    "coupons/use": {**_COMMON, "order": _ORDER, "coupons": ["WELCOME-7Q2K"], "cart": _CART, "store": "滨江店"},
    "coupons/price": {**_COMMON, "coupons": ["WELCOME-7Q2K"], "cart": _CART},
    "benefits/book": {**_COMMON, "benefit": "alteration", "store": "滨江店"},
    "benefits/use": {**_COMMON, "benefit": "alteration", "booking": 12, "store": "滨江店"},
    "benefits/cancel": {**_COMMON, "booking": 12},
    "adjustments": {**_COMMON, "points": -200, "reason": "booked twice on paper"},
    "claim": {**_COMMON, "order_no": "8812", "amount_minor": 4200},
    "webhooks": {"url": "https://shop.example/hooks", "kinds": ["loyalty.*"]},
    "batch": {"items": [{"deed": "release", "key": "till-7-00081", "code": "CHECKOUT-7"}]},
}  # fmt: skip
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Names this write for ever: the same key and body are answered as the first time, with no effect.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 120},
    "example": "till-7-00081",
}
REFUSALS: dict[Any, Any] = dict.fromkeys((400, 401, 403, 404, 409, 429), RefusalOut)


def described(deed: str, body: type[BaseModel], *, needs_key: bool = True) -> dict[str, Any]:
    """What the description says of a write beyond its answer."""
    content = {"application/json": {"schema": _flat(body), "example": EXAMPLES[deed]}}
    extra: dict[str, Any] = {"requestBody": {"required": True, "content": content}}
    if needs_key:
        extra["parameters"] = [_KEY]
    return extra


def _flat(body: type[BaseModel]) -> dict[str, Any]:
    """The body's schema with the schemas it refers to inside it, so that it stands alone."""
    schema = body.model_json_schema()
    named = schema.pop("$defs", {})

    def inside(value: Any) -> Any:
        if isinstance(value, dict):
            reference = value.get("$ref")
            return inside(named[reference.rsplit("/", 1)[1]]) if reference else {k: inside(v) for k, v in value.items()}
        return [inside(one) for one in value] if isinstance(value, list) else value

    flat: dict[str, Any] = inside(schema)
    return flat
