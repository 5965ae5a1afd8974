"""Writes the files of the online shops and the delivery platform, one a half-year."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from shuke.demo.actions.session import Period, Session
from shuke.demo.adapters import CsvExport, write_xlsx
from shuke.demo.rules import lettering as text
from shuke.demo.rules.baskets import chosen
from shuke.demo.rules.identities import tmall_nicks
from shuke.demo.rules.jd import JD_HEADER, jd_numbers, jd_orders, jd_rows
from shuke.demo.rules.meituan import (
    MEITUAN_GROUPS,
    MEITUAN_HEADER,
    meituan_numbers,
    meituan_orders,
    meituan_other_rows,
    meituan_rows,
)
from shuke.demo.rules.tmall import (
    TMALL_HEADER,
    TMALL_LINE_HEADER,
    tmall_line_rows,
    tmall_numbers,
    tmall_orders,
    tmall_rows,
)
from shuke.demo.rules.youzan import YOUZAN_HEADER, gives_phone, youzan_numbers, youzan_orders, youzan_rows
from shuke.demo.values import DAY_SECONDS, Basket, Ints

# An export repeats the last days of the one before with newer states, as people make them overlap to be safe.
_OVERLAP_DAYS = 10
_ROWS_A_SHEET = 1_000_000


class ShopFiles:
    """Files of Youzan, Tmall, JD and Meituan; each is open while its half-year lasts.

    Orders of the last days before this run's own (`session.since`) stand in its files once more, with newer states.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.files: list[str] = []
        self._open: dict[str, CsvExport] = {}
        self._bills: dict[str, list[list[str | float]]] = {}
        self._tmall_tail: Basket | None = None
        self._tails: dict[str, list[tuple[Basket, pa.Array]]] = {}
        self._seen_at = session.until * DAY_SECONDS

    def youzan(self, period: Period, *, basket: Basket, coupon: pa.Array) -> None:
        """Orders of the mini-program shop, UTF-8 with BOM."""
        session = self.session
        for tail, used in self._repeated("youzan", period=period, basket=basket, coupon=coupon):
            orders = youzan_orders(tail, seen_at=self._seen_at)
            output = self._csv(f"有赞订单_{period.half}.csv", header=YOUZAN_HEADER, encoding="utf-8-sig")
            output.append(youzan_rows(session.world, people=session.people, orders=orders, coupon=used))
        orders = youzan_orders(basket, seen_at=self._seen_at)
        ids = youzan_numbers(session.world, basket=basket)
        shop = text.constant("", rows=basket.count)
        session.ledger.shop_orders("youzan", ids=ids, orders=orders, store=shop)
        keys = text.words(("", "phone"), at=gives_phone(basket).astype(np.int64))
        session.ledger.records("youzan", ids=ids, person=basket.person, keys=keys)

    def _repeated(
        self, shop: str, *, period: Period, basket: Basket, coupon: pa.Array
    ) -> Iterator[tuple[Basket, pa.Array]]:
        """What stands in the period's file: the tail of the run before where it begins this run's days, and its own."""
        since = self.session.since
        if period.first == since:
            yield from self._tails.pop(shop, [])
        if period.end > since:
            yield basket, coupon
        late = basket.day >= since - _OVERLAP_DAYS
        if period.end <= since and late.any():
            self._tails.setdefault(shop, []).append((chosen(basket, late), coupon.filter(pa.array(late))))

    def tmall(self, period: Period, *, basket: Basket) -> None:
        """Orders and lines, GB18030. Each half-year repeats the last ten days of the one before, with newer states."""
        last = period.end == period.half_end
        if self._tmall_tail is not None and period.first == period.half_first:
            self._tmall_part(period, basket=self._tmall_tail, final=True)
            self._tmall_tail = None
        late = (basket.day >= period.half_end - _OVERLAP_DAYS) & (period.half_end < self.session.until)
        self._tmall_part(period, basket=chosen(basket, ~late), final=True)
        if last and late.any():
            self._tmall_tail = chosen(basket, late)
            self._tmall_part(period, basket=self._tmall_tail, final=False)

    def _tmall_part(self, period: Period, *, basket: Basket, final: bool) -> None:
        session = self.session
        orders = tmall_orders(basket, seen_at=period.half_end * DAY_SECONDS)
        stamp = session.world.span.date(period.half_end).strftime("%Y%m%d")
        if period.half_end > session.since:
            heads = self._csv(f"ExportOrderList{stamp}.csv", header=TMALL_HEADER, encoding="gb18030")
            heads.append(tmall_rows(session.world, people=session.people, orders=orders))
            lines = self._csv(f"ExportOrderDetailList{stamp}.csv", header=TMALL_LINE_HEADER, encoding="gb18030")
            lines.append(tmall_line_rows(session.world, orders=orders))
        if not final:
            session.ledger.problem("tmall_periods_overlap", rows=basket.count, orders=basket.count,
                                   minor=int(orders.gross.sum()), days=basket.day)  # fmt: skip
            return
        ids = text.whole(tmall_numbers(basket))
        session.ledger.shop_orders("tmall", ids=ids, orders=orders, store=text.constant("", rows=basket.count))
        _, whole = tmall_nicks(basket.person, index=basket.index)
        keys = text.words(("masked", "shop_user,masked"), at=whole.astype(np.int64))
        session.ledger.records("tmall", ids=ids, person=basket.person, keys=keys)

    def jd(self, period: Period, *, basket: Basket) -> None:
        """Articles of orders, GB18030."""
        session = self.session
        for tail, _ in self._repeated("jd", period=period, basket=basket, coupon=text.constant("", rows=basket.count)):
            orders = jd_orders(tail, seen_at=self._seen_at)
            output = self._csv(f"jd_orders_{period.half}.csv", header=JD_HEADER, encoding="gb18030")
            output.append(jd_rows(session.world, people=session.people, orders=orders))
        orders = jd_orders(basket, seen_at=self._seen_at)
        ids = text.whole(jd_numbers(basket))
        session.ledger.shop_orders("jd", ids=ids, orders=orders, store=text.constant("", rows=basket.count))
        keys = text.constant("shop_user,masked", rows=basket.count)
        session.ledger.records("jd", ids=ids, person=basket.person, keys=keys)

    def meituan(self, period: Period, *, basket: Basket) -> None:
        """The bill; rows that are no orders stand among the orders of their day."""
        world, ledger = self.session.world, self.session.ledger
        rows = self._bills.setdefault(period.half, [])
        none = text.constant("", rows=basket.count)
        for tail, _ in self._repeated("meituan", period=period, basket=basket, coupon=none):
            rows.extend(meituan_rows(world, orders=meituan_orders(tail, seen_at=self._seen_at)))
        orders = meituan_orders(basket, seen_at=self._seen_at)
        others = list(meituan_other_rows(world, first_day=period.first, end_day=period.end))
        rows.extend(row for _, row in others)
        rows.sort(key=lambda row: (str(row[4]), str(row[5]), str(row[0]), str(row[2]), str(row[6])))
        ledger.problem(
            "rows_that_are_no_orders",
            rows=len(others),
            minor=sum(minor for minor, _ in others),
            note="推广, 保险, 赔付扣款",
        )
        ids = text.whole(meituan_numbers(basket))
        ledger.shop_orders("meituan", ids=ids, orders=orders, store=text.words(world.chain.name, at=basket.store))
        ledger.records("meituan", ids=ids, person=basket.person, keys=text.constant("", rows=basket.count))

    def close(self, period: Period | None = None) -> None:
        """Ends the files of a half-year when its last period is written; all of them without a period."""
        if period is not None and period.end != period.half_end:
            return
        is_ours = period is None or period.end > self.session.since
        for output in self._open.values():
            output.close()
            self.files.extend([output.path.name] if is_ours else [])
        self._open = {}
        bills, self._bills = self._bills if is_ours else {}, {}
        for half, rows in bills.items():
            for number, part in enumerate(_parts(rows)):
                name = f"美团账单_{half}.xlsx" if number == 0 else f"美团账单_{half}_{number + 1}.xlsx"
                write_xlsx(
                    self.session.folder / name,
                    sheet="订单明细",
                    header=MEITUAN_HEADER,
                    rows=part,
                    groups=MEITUAN_GROUPS,
                )
                self.files.append(name)

    def _csv(self, name: str, *, header: str, encoding: str) -> CsvExport:
        if name not in self._open:
            self._open[name] = self.session.csv(name, header=header, encoding=encoding)
        return self._open[name]


def _parts(rows: list[list[str | float]]) -> Iterator[list[list[str | float]]]:
    for start in range(0, len(rows), _ROWS_A_SHEET):
        yield rows[start : start + _ROWS_A_SHEET]


def order_numbers(session: Session, *, basket: Basket) -> pa.Array:
    """The number that each online order has in its own system; empty for till receipts."""
    youzan = youzan_numbers(session.world, basket=basket)
    meituan = text.whole(meituan_numbers(basket))
    place: Ints = basket.channel
    return text.keep(youzan, where=place == 1, otherwise=text.keep(meituan, where=place == 4))
