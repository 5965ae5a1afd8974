"""Writes the till's files, with everything that goes wrong there."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from shuke.demo.actions.session import Period, Session
from shuke.demo.actions.till_problems import Shown, till_problems
from shuke.demo.adapters import CsvExport
from shuke.demo.rules import lettering as text
from shuke.demo.rules.baskets import chosen
from shuke.demo.rules.chance import unit
from shuke.demo.rules.planted import receipt_identity, shows_membership
from shuke.demo.rules.till import (
    POS_HEADER,
    RETURN_INDEX,
    Receipts,
    Returns,
    no_returns,
    number_text,
    ring_up,
    till_rows,
)
from shuke.demo.values import Basket, Flags, Ints

_RECEIPTS_AT_ONCE = 100_000
_OVERLAP_DAYS = 3


class TillFiles:
    """One file a period, in the profile's encoding; with quirks one is exported twice, one overlaps the next, one
    ends in a total.
    """

    def __init__(self, session: Session, *, every: tuple[Period, ...]) -> None:
        self.session = session
        self.files: list[str] = []
        self.sales = 0
        self.named_sales = 0
        self._pending: Returns | None = None
        self._tail: list[Shown] = []
        every = tuple(period for period in every if not session.continues or period.end <= session.since)
        quirks = session.profile.quirks and len(every) > 3
        self._twice = every[len(every) // 2].label if quirks else ""
        self._overlapping = every[len(every) // 2 + 1].label if quirks else ""
        self._totalled = every[1].label if quirks else ""

    def write(self, period: Period, *, sales: Basket, external: pa.Array) -> tuple[Ints, pa.Array]:
        """Writes one period; gives the order index and the number of each sale."""
        session = self.session
        pending = self._pending or no_returns(sales)
        receipts, self._pending = ring_up(
            session.world,
            sales=sales,
            external=external,
            pending=pending,
            planted=session.planted,
            until_day=period.end,
        )
        shown = self._show(receipts)
        outputs = self._open(period)
        if period.end > session.since:
            for part in (*self._tail, *_slices(shown)):
                for output in outputs:
                    output.append(self._rows(part))
        self._note_tail(self._tail)
        self._tail = []
        if period.label == self._overlapping:
            self._tail = [_part(shown, shown.receipts.basket.day >= period.end - _OVERLAP_DAYS)]
        if len(outputs) > 1:
            self._note_repeat(shown)
        if period.label == self._totalled:
            self._total(outputs[0], shown=shown)
        for output in outputs:
            output.close()
            if period.end > self.session.since:
                self.files.append(output.path.name)
        self._note(shown)
        sold = ~receipts.is_return
        return receipts.basket.index[sold], number_text(session.world, numbers=receipts.number).filter(pa.array(sold))

    def _open(self, period: Period) -> list[CsvExport]:
        stem = f"pos_收银明细_{period.label}"
        session, end = self.session, period.end
        outputs = [session.csv(f"{stem}.csv", header=POS_HEADER, encoding=session.profile.pos_encoding, end=end)]
        if period.label == self._twice:
            outputs.append(session.csv(f"{stem} (1).csv", header=POS_HEADER, encoding="utf-8-sig", end=end))
        return outputs

    def _show(self, receipts: Receipts) -> Shown:
        session = self.session
        origin = chosen(receipts.basket, np.ones(receipts.basket.count, np.bool_))
        as_sold = Basket(**{**origin.__dict__, "index": origin.index % RETURN_INDEX})
        named = shows_membership(session.world, people=session.people, planted=session.planted, basket=as_sold)
        card, phone, dummy, cashier = receipt_identity(
            session.world, people=session.people, planted=session.planted, basket=as_sold, shown=named
        )
        return Shown(receipts, card, phone, dummy, cashier)

    def _rows(self, part: Shown) -> list[pa.Array]:
        session = self.session
        masked = unit(part.receipts.basket.index % RETURN_INDEX, salt=76) < session.profile.masked_share
        return till_rows(
            session.world,
            receipts=part.receipts,
            planted=session.planted,
            card=part.card,
            phone=part.phone,
            masked=masked,
        )

    def _total(self, output: CsvExport, *, shown: Shown) -> None:
        basket = shown.receipts.basket
        paid, off = int(basket.paid.sum()), int(basket.discount.sum())
        cells = [""] * output.columns
        cells[0], cells[14] = "合计", str(int(basket.quantity.sum()))
        cells[16], cells[17] = f"{off / 100:.2f}", f"{paid / 100:.2f}"
        output.line(cells)
        self.session.ledger.problem("total_row", rows=1, minor=paid, days=basket.day[-1:], note=output.path.name)

    def _note(self, shown: Shown) -> None:
        """The truth of the receipts: orders, records and problems."""
        receipts, ledger, world = shown.receipts, self.session.ledger, self.session.world
        basket = receipts.basket
        ids = number_text(world, numbers=receipts.number)
        total = basket.total(basket.paid)
        sold = ~receipts.is_return
        copied = np.asarray(pc.not_equal(receipts.external, ""))
        source = text.words(("pos", "youzan", "tmall", "jd", "meituan"), at=basket.channel)
        empty = pa.nulls(len(ids), pa.string())
        origin = np.where(basket.day < self.session.planted.orphan_days, 0, receipts.origin)
        ledger.order_rows(
            "pos",
            ids=ids,
            basket=basket,
            store=text.words(world.chain.name, at=basket.store),
            gross=np.where(sold, total, 0),
            refund=np.where(sold, 0, -total),
            status=text.words(("completed", "return"), at=receipts.is_return.astype(np.int64)),
            duplicate_of=text.keep(text.glue(source, "|", receipts.external), where=copied, otherwise=empty),
            return_of=text.keep(
                number_text(world, numbers=origin), where=receipts.is_return & (origin > 0), otherwise=empty
            ),
        )
        self._note_records(shown, ids=ids)
        plain = sold & ~copied
        named = ((shown.card > 0) | (shown.phone > 0)) & ~shown.dummy & ~shown.cashier
        self.sales += int(plain.sum())
        self.named_sales += int((plain & named).sum())
        for code, where, store, note in till_problems(
            self.session, shown=shown, plain=plain, copied=copied, named=named
        ):
            lines = np.diff(basket.first)[where]
            ledger.problem(
                code,
                rows=int(lines.sum()),
                orders=int(where.sum()),
                minor=int(total[where].sum()),
                days=basket.day[where],
                store=store,
                note=note,
            )

    def _note_records(self, shown: Shown, *, ids: pa.Array) -> None:
        card, phone = shown.card > 0, shown.phone > 0
        some = card | phone
        nobody = shown.dummy | shown.cashier
        person = np.where(nobody, -1, shown.receipts.basket.person)[some]
        place = np.where(card & phone, 0, np.where(card, 1, 2))[some]
        taken = pa.array(some)
        self.session.ledger.records(
            "pos", ids=ids.filter(taken), person=person, keys=text.words(("card,phone", "card", "phone"), at=place)
        )

    def _note_repeat(self, shown: Shown) -> None:
        basket = shown.receipts.basket
        self.session.ledger.problem(
            "file_exported_twice",
            rows=len(basket.product),
            orders=basket.count,
            minor=int(basket.paid.sum()),
            days=basket.day,
            note=f"pos_收银明细_{self._twice} (1).csv",
        )

    def _note_tail(self, tail: list[Shown]) -> None:
        for part in tail:
            basket = part.receipts.basket
            self.session.ledger.problem(
                "periods_overlap",
                rows=len(basket.product),
                orders=basket.count,
                minor=int(basket.paid.sum()),
                days=basket.day,
                note=f"pos_收银明细_{self._overlapping}.csv",
            )


def _part(shown: Shown, where: Flags) -> Shown:
    receipts = shown.receipts
    kept = Receipts(
        chosen(receipts.basket, where),
        receipts.number[where],
        receipts.original[where],
        receipts.origin[where],
        receipts.is_return[where],
        receipts.external.filter(pa.array(where)),
    )
    return Shown(kept, shown.card[where], shown.phone[where], shown.dummy[where], shown.cashier[where])


def _slices(shown: Shown) -> Iterator[Shown]:
    count = shown.receipts.basket.count
    if count <= _RECEIPTS_AT_ONCE:
        yield shown
        return
    place = np.arange(count)
    for start in range(0, count, _RECEIPTS_AT_ONCE):
        yield _part(shown, (place >= start) & (place < start + _RECEIPTS_AT_ONCE))
