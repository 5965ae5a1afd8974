"""How well this shop's next baskets are foretold, on the lake's scoreboard."""

from collections.abc import Mapping
from datetime import date

from shuke.access.rules import Permission, require
from shuke.kernel.actor import Actor
from shuke.lake.actions import Run
from shuke.predictions.actions.evaluation import write_scoreboard
from shuke.predictions.adapters.boosting import bounded
from shuke.predictions.queries.purchases import FIRST_DAY
from shuke.predictions.queries.recommendations import basket_lines
from shuke.predictions.rules.backtest import Score
from shuke.predictions.rules.baskets import measured


def judge_baskets(actor: Actor, *, run: Run, parameters: Mapping[str, object]) -> list[Score]:
    """Holds out each customer's last basket before the as-of day and puts the recalls on the scoreboard.

    Model `next_basket` with horizon 0, metrics recall_at_10 and new_recall_at_10, beside top_frequent, tifu_knn and
    popular_new. None is marked as used: the week's lists are SQL (decision 16). Empty where nobody has three baskets.
    """
    require(actor, Permission.IMPORT_FILES)
    day = parameters["as_of"]
    if not isinstance(day, date):
        raise TypeError("A day is needed to judge baskets by.")
    with bounded():
        found = measured(basket_lines(actor, lake=run.reader()))
    cut = (day - FIRST_DAY).days
    scores = [
        Score(
            "next_basket", 0, cut, one.metric, one.method, one.customers, one.value, one.low, one.high, one.is_baseline
        )
        for one in found
    ]
    write_scoreboard(run, scores=scores, used={})
    return scores
