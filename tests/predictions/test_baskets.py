"""The next basket: what it gives, what it may never do, and how it does beside plain counts."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuke.predictions.rules import NoBaskets, next_basket
from shuke.predictions.rules.baskets import coded, measured, popular_new, recall, tifu_knn, top_frequent
from shuke.predictions.rules.baskets.ranking import learn

_LINES = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 4), st.sampled_from("abcdefgh")), max_size=60)


def table(lines: list[tuple[Any, Any, Any]]) -> dict[str, list[Any]]:
    """Rows as the three columns."""
    return {name: [row[place] for row in lines] for place, name in enumerate(("customer_id", "basket_no", "item_id"))}


def habits(customers: int, seed: int = 0) -> pa.Table:
    """People with eight staples of one corner of the shop, which drift within it, and item k + 100 beside item k."""
    draw = np.random.default_rng(seed)
    rows = []
    for customer in range(customers):
        corner = customer % 5
        staples = draw.integers(0, 20, 8) * 5 + corner
        for basket in range(draw.integers(3, 9)):
            rows += [(customer, basket, item) for item in staples if draw.random() < 0.7]
            rows += [(customer, basket, item + 100) for item in staples[:3] if draw.random() < 0.3]
            staples = np.where(draw.random(8) < 0.3, draw.integers(0, 20, 8) * 5 + corner, staples)
    return pa.table(table(rows))


@settings(max_examples=60, deadline=None)
@given(lines=_LINES, top_k=st.integers(1, 9))
def test_any_baskets_give_whole_lists(lines: list[tuple[int, int, str]], top_k: int) -> None:
    found = next_basket(table(lines), top_k)
    assert found.column_names == ["customer_id", "item_id", "rank", "score", "list"]
    bought = {(customer, item) for customer, _, item in lines}
    items = {item for _, _, item in lines}
    rows = found.to_pylist()
    for customer in {customer for customer, _, _ in lines}:
        mine = [row for row in rows if row["customer_id"] == customer]
        assert [row["rank"] for row in mine] == list(range(1, len(mine) + 1))
        assert len({row["item_id"] for row in mine}) == len(mine) == min(top_k, len(items))
        assert [row["score"] for row in mine] == sorted((row["score"] for row in mine), reverse=True)
        assert all(0 <= row["score"] <= 1 for row in mine)
        assert all((row["list"] == "repeat") == ((customer, row["item_id"]) in bought) for row in mine)
        new = sum(row["list"] == "explore" for row in mine)
        assert new >= min(top_k // 2, len(items) - sum((customer, item) in bought for item in items))
    assert {row["customer_id"] for row in rows} == {customer for customer, _, _ in lines}


def test_repeated_rows_and_their_order_change_nothing() -> None:
    lines = habits(120)
    again = pa.concat_tables([lines, lines]).take(np.random.default_rng(1).permutation(2 * lines.num_rows))
    assert next_basket(again).equals(next_basket(lines))
    missing = pa.concat_tables([lines, pa.table({n: pa.array([None], pa.int64()) for n in lines.column_names})])
    assert next_basket(missing).equals(next_basket(lines))


def test_days_and_texts_serve_as_numbers_and_items() -> None:
    from datetime import date

    days = [date(2026, 1, 2), date(2026, 1, 9), date(2026, 2, 1)]
    found = next_basket({"customer_id": ["甲"] * 3, "basket_no": days, "item_id": ["奶", "奶", "蛋"]}, 2)
    assert found.to_pydict()["item_id"] == ["奶", "蛋"]
    assert next_basket((["甲"], [1], ["奶"])).num_rows == 1


def test_what_is_no_table_of_baskets_is_refused() -> None:
    with pytest.raises(NoBaskets):
        next_basket({"customer_id": [1], "item_id": [1]})
    with pytest.raises(NoBaskets):
        next_basket(([1, 2], [1], [1]))
    with pytest.raises(ValueError, match="top_k"):
        next_basket(([1], [1], [1]), 0)


def test_learned_ranking_beats_plain_counts_and_popularity() -> None:
    found = {(one.method, one.metric): one for one in measured(habits(600))}
    ours, plain = found["next_basket", "recall_at_10"], found["top_frequent", "recall_at_10"]
    assert ours.low > plain.value
    assert found["next_basket", "new_recall_at_10"].value > 1.5 * found["popular_new", "new_recall_at_10"].value
    assert ours.low <= ours.value <= ours.high and not ours.is_baseline and plain.is_baseline


def test_where_nothing_can_be_learned_counts_rank() -> None:
    """Every item as likely as any other in every basket: no model wins, so the order is that of GP-TopFreq."""
    draw = np.random.default_rng(0)
    rows = [(c, b, i) for c in range(150) for b in range(4) for i in draw.choice(30, 5, replace=False).tolist()]
    lines = coded(table(rows))
    assert learn(lines).repeat is None
    found, chosen = next_basket(table(rows), 10).to_pylist(), top_frequent(lines)
    for customer in range(150):
        mine = [row["item_id"] for row in found if row["customer_id"] == customer and row["list"] == "repeat"]
        assert mine[:5] == [lines.items[item].as_py() for item in chosen[customer][:5]]


def test_the_truth_of_a_measure_is_never_read() -> None:
    """Other last baskets leave what is foretold unchanged: only the recall moves."""
    from shuke.predictions.rules.baskets.measuring import foretold

    lines = coded(habits(120))
    known = lines.without_last(1)
    first, _ = foretold(known)
    again, _ = foretold(lines.kept(lines.basket < lines.baskets()[lines.customer] - 1))
    assert np.array_equal(first, again)


def test_baselines_equal_plain_python() -> None:
    lines = coded(habits(40))
    rows = list(zip(lines.customer.tolist(), lines.basket.tolist(), lines.item.tolist(), strict=True))
    buyers = [len({c for c, _, i in rows if i == item}) for item in range(len(lines.items))]
    frequent, new = top_frequent(lines), popular_new(lines)
    for customer in range(40):
        times: dict[int, int] = {}
        for c, _, item in rows:
            if c == customer:
                times[item] = times.get(item, 0) + 1
        own = sorted(times, key=lambda item: (-times[item], -buyers[item], item))[:10]
        rest = sorted((i for i in range(len(buyers)) if i not in times), key=lambda item: (-buyers[item], item))
        assert frequent[customer].tolist() == (own + rest)[:10]
        assert new[customer].tolist() == rest[:10]
    assert tifu_knn(lines).shape == (40, 10)


def test_recall_counts_hits_over_truth() -> None:
    truth = coded({"customer_id": [1, 1, 2], "basket_no": [1, 1, 1], "item_id": ["a", "b", "a"]})
    chosen = np.array([[0, -1], [1, -1]])
    assert recall(chosen, np.array([0, 1]), truth).tolist() == [0.5, 0.0]
