"""The drawn people of a proposal with their final arms, as SQL over `proposal_people`."""

from collections.abc import Iterable

from shuke.lake.rules import literal
from shuke.proposals.models import Proposal


def arms_sql(proposal: Proposal, *, places: int | None) -> str:
    """Rows of `proposal_people` of one proposal with `final_arm`: as drawn, or the `places` lowest draws held out."""
    arm = "arm"
    if places is not None:
        arm = (
            f"case when row_number() over (order by draw, customer_id) <= {int(places)}"
            " then 'holdout' else 'treated' end"
        )
    return f"select *, {arm} as final_arm from proposal_people where proposal = {int(proposal.pk)}"


def final_sql(proposal: Proposal) -> str:
    """The same as the proposal stands now, with `removed`: taken out by hand."""
    return (
        f"select *, coalesce(customer_id in {listed(proposal.removed)}, false) as removed"
        f" from ({arms_sql(proposal, places=proposal.holdout_places)})"
    )


def listed(values: Iterable[object]) -> str:
    """A list for `in`, never empty."""
    return literal(list(values) or [None])
