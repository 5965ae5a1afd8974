"""People side by side: what they bought, which stands in a later room than they do, and whom the reader may see."""

from collections.abc import Sequence
from dataclasses import replace

from shuke.activity.queries import totals
from shuke.console.frame.context import as_of_day
from shuke.console.frame.page import PageRequest
from shuke.customers.queries import NoSuchCustomer, Profile, aliases_of, profile
from shuke.customers.values import ReviewPair, Side


def with_sales(request: PageRequest, pairs: Sequence[ReviewPair]) -> list[ReviewPair]:
    """The pairs with orders and net sales of both customers; a pair within one customer stays as it is."""
    return [
        pair
        if pair.left.customer_id == pair.right.customer_id
        else replace(pair, left=side_with_sales(request, pair.left), right=side_with_sales(request, pair.right))
        for pair in pairs
    ]


def side_with_sales(request: PageRequest, side: Side) -> Side:
    """One side with what its customer bought until the day of the pages."""
    if side.customer_id is None:
        return side
    ids = aliases_of(request.actor, lake=request.lake, customer_id=side.customer_id)
    sums = totals(request.actor, lake=request.lake, customer_ids=ids, as_of=as_of_day())
    return replace(side, orders=sums.orders, net_minor=sums.net_minor)


def visible(request: PageRequest, ids: Sequence[int]) -> list[Profile]:
    """The customers of `ids` that the reader's stores may see, in their order."""
    found = []
    for customer_id in ids:
        try:
            found.append(profile(request.actor, lake=request.lake, customer_id=customer_id))
        except NoSuchCustomer:
            continue
    return found
