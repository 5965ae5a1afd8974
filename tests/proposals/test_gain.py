"""The expected gain, worked out by hand."""

from shuke.plays.values import Offer, Prior
from shuke.proposals import rules
from shuke.proposals.values import Gain

PRIOR = Prior(low=-0.1, mid=0.2, high=0.5, source_zh="", source_en="")


def test_a_gift_costs_for_everybody_who_comes() -> None:
    gift = Offer("service", "", "", strength_share=0, cost_each=3)
    gain = rules.expected_gain(
        people=100, base_share=0.3, order_minor=10_000, margin_share=0.4, prior=PRIOR, offer=gift, unit=100
    )
    # 100 x 0.3 x 0.2 = 6 more buyers x 4,000 margin = 24,000; 36 takers x 300 = 10,800
    assert (gain.mid_minor, gain.cost_minor) == (13_200, 10_800)
    # low: -3 buyers x 4,000 - 27 takers x 300; high: 15 x 4,000 - 45 x 300
    assert (gain.low_minor, gain.high_minor) == (-20_100, 46_500)


def test_a_discount_is_also_given_to_those_who_would_come_anyway() -> None:
    discount = Offer("discount", "", "", strength_share=0.1, cost_each=0)
    flat = Prior(low=0, mid=0, high=0, source_zh="", source_en="")
    gain = rules.expected_gain(
        people=50, base_share=0.2, order_minor=10_000, margin_share=0.4, prior=flat, offer=discount, unit=100
    )
    assert gain == Gain(low_minor=-10_000, mid_minor=-10_000, high_minor=-10_000, cost_minor=10_000)


def test_nobody_comes_twice() -> None:
    gift = Offer("service", "", "", strength_share=0, cost_each=3)
    gain = rules.expected_gain(
        people=100, base_share=0.8, order_minor=10_000, margin_share=0.4, prior=PRIOR, offer=gift, unit=100
    )
    # of 100 people 80 come anyway; a lift of 0.5 cannot bring more than the other 20, who take 300 each as the 80 do
    assert gain.high_minor == 20 * 4_000 - 100 * 300


def test_a_total_is_narrower_than_the_sum_of_its_ends() -> None:
    gains = [Gain(-10, 20, 50, 0), Gain(0, 40, 80, 0)]
    assert rules.total_range(gains) == (10, 60, 110)
    assert rules.total_range([]) == (0, 0, 0)


def test_stores_of_one_play_share_its_lift() -> None:
    gains = [Gain(-10, 20, 50, 0), Gain(0, 40, 80, 0)]
    assert rules.same_range(gains) == (-10, 60, 130)
