"""Computing features, rollups, clocks and the return curve in a run of the lake."""

from collections.abc import Mapping

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.actions import Run
from shuke.predictions.adapters import definition

TABLES = (
    "customer_gaps",
    "customer_clocks",
    "shop_clock",
    "customer_features",
    "return_curve",
    "shop_margin",
    "customer_products",
    "customer_category_months",
    "customer_interactions",
    "customer_coupons",
    "product_launches",
    "customer_tastes",
)
_NOBODY = "select cast(null as bigint) as customer_id where false"


def build(actor: Actor, *, run: Run, parameters: Mapping[str, object]) -> None:
    """Builds this room's tables as of `parameters['as_of']`; only the system runs a week."""
    require(actor, Permission.IMPORT_FILES)
    run.build(TABLES, parameters={**parameters, **definition("purchase_clock"), **definition("tastes")})
    if run.reader().has("customer_consents"):
        run.build(("not_personalised",), parameters=parameters)
    else:
        run.write("not_personalised", sql=_NOBODY)
