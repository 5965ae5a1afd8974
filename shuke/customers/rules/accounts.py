"""Second accounts of one person that share no identifier: the same full name and the same birthday.

Of N named people, e = N f(name) f(birthday) others share both by chance, with the frequencies counted in the data. With
pi the share of people who have such a second account, P(same person) = pi / (pi + e).
"""

import numpy as np

from shuke.customers.rules.masked import Joins
from shuke.customers.values import Evidence, Ints, Statistics, Weights

# Two people's birthdays fall on one day at least so often, whatever the sample says.
_RAREST_BIRTHDAY = 1 / 30_000
_OTHER_WECHAT = 0.2


def attach_accounts(evidence: Evidence, used: Ints, *, statistics: Statistics, weights: Weights) -> Joins:
    """Ties between groups whose own records (not orders) carry the same full name and birthday."""
    known = (
        evidence.is_own & ~evidence.is_staff & evidence.name_is_full & (evidence.name != 0) & (evidence.birthday != 0)
    )
    rows = np.flatnonzero(known)
    order = np.lexsort((rows, evidence.birthday[rows], evidence.name[rows]))
    rows = rows[order]
    names = statistics.shares["name"][evidence.name[rows]]
    births = np.maximum(statistics.shares["birthday"][evidence.birthday[rows]], _RAREST_BIRTHDAY)
    one, other = rows[:-1], rows[1:]
    same = (evidence.name[one] == evidence.name[other]) & (evidence.birthday[one] == evidence.birthday[other])
    same &= used[one] != used[other]
    chance = statistics.named * names * births
    unions = evidence.keys["unionid"]
    differ = (unions[one] != 0) & (unions[other] != 0) & (unions[one] != unions[other])
    prior = weights.second_account_share * np.where(differ, _OTHER_WECHAT, 1.0)
    probability = prior / (prior + chance[1:])
    keep = same & (probability >= weights.review_from)
    return Joins(other[keep], one[keep], probability[keep])
