"""The drawn people of a proposal with their final arms, as SQL over `proposal_people`."""

from collections.abc import Iterable

from shuke.lake.rules import literal


def arms_sql(proposal: int, *, places: int | None) -> str:
    """Rows of `proposal_people` of one proposal with `final_arm`: as drawn, or the `places` lowest draws held out."""
    arm = "arm"
    if places is not None:
        arm = (
            f"case when row_number() over (order by draw, customer_id) <= {int(places)}"
            " then 'holdout' else 'treated' end"
        )
    return f"select *, {arm} as final_arm from proposal_people where proposal = {int(proposal)}"


def final_sql(proposal: int, *, places: int | None, removed: Iterable[int]) -> str:
    """The same with `removed`: taken out by hand."""
    gone = f"coalesce(customer_id in {listed(removed)}, false) as removed"
    return f"select *, {gone} from ({arms_sql(proposal, places=places)})"


def listed(values: Iterable[object]) -> str:
    """A list for `in`, never empty."""
    return literal(list(values) or [None])
