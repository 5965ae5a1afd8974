"""A cart as requests send it, made into a value; what no till can mean is refused."""

from collections.abc import Mapping

from shuke.loyalty.rules.refusals import Refusal
from shuke.loyalty.values.coupons import Cart, CartLine, Mode

_LINES = 500
_LARGEST = 1_000_000_000_000
_TEXT = 120


class BadCart(Refusal):
    """A cart that cannot be priced: the message names the field."""

    code = "bad_cart"


def read_cart(said: Mapping[str, object] | None, *, store: str, channel: str, currency: str) -> tuple[Cart, Mode]:
    """The cart of a request and how its coupons are used.

    `said` is {lines: [{sku, amount_minor, quantity=1, category='', list_minor=0, cost_minor=None}], freight_minor=0,
    store, channel, currency (those of the request where left out), mode: 'all' (default) | 'best'}. `amount_minor` is
    what the whole line costs before coupons. Raises `BadCart`.
    """
    if not isinstance(said, Mapping):
        raise _bad("cart", "coupons need the cart", hint="Send the lines of the cart.")
    lines = said.get("lines")
    if not isinstance(lines, list | tuple) or not 1 <= len(lines) <= _LINES:
        raise _bad("lines", f"a cart has 1 to {_LINES} lines", hint="Send one entry a line.")
    mode = said.get("mode", Mode.ALL)
    if mode not in tuple(Mode):
        raise _bad("mode", "it is 'all' or 'best'", hint="Leave it out to use all coupons or none.")
    cart = Cart(
        lines=tuple(_line(line) for line in lines),
        store=_text(said, "store", absent=store),
        channel=_text(said, "channel", absent=channel),
        freight_minor=_whole(said, "freight_minor"),
        currency=_text(said, "currency", absent=currency),
    )
    return cart, Mode(str(mode))


def _line(said: object) -> CartLine:
    if not isinstance(said, Mapping):
        raise _bad("lines", "each line is an object", hint="Send {sku, amount_minor, ...}.")
    return CartLine(
        sku=_text(said, "sku"),
        amount_minor=_whole(said, "amount_minor", is_needed=True),
        quantity=_whole(said, "quantity", absent=1),
        category=_text(said, "category", absent=""),
        list_minor=_whole(said, "list_minor"),
        cost_minor=None if said.get("cost_minor") is None else _whole(said, "cost_minor"),
    )


def _text(said: Mapping[str, object], key: str, *, absent: str | None = None) -> str:
    found = said.get(key, absent)
    if not isinstance(found, str) or len(found) > _TEXT or (absent is None and not found):
        raise _bad(key, f"a text of at most {_TEXT} signs belongs here", hint="Mend that field.")
    return found


def _whole(said: Mapping[str, object], key: str, *, absent: int = 0, is_needed: bool = False) -> int:
    found = said.get(key, None if is_needed else absent)
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= _LARGEST:
        raise _bad(key, f"a whole number from 0 to {_LARGEST} belongs here", hint="Send minor units.")
    return found


def _bad(key: str, what: str, *, hint: str) -> BadCart:
    return BadCart(f"The cart's '{key}': {what}.", hint=hint)
