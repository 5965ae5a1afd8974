"""Finding the header row and the mapping that knows it."""

import unicodedata
from collections.abc import Iterable, Sequence

from shuke.intake.rules.repairs import EXTRA
from shuke.intake.values import Channel, Header

_ROWS_SEARCHED = 10
_TRADITIONAL = str.maketrans(
    "訂單號碼編門店商品數據總價金額會員機類狀態備註時間買賣實際付應貨運費優惠退積點姓聯係絡電話郵箱詳細區縣導購銷產顧與義務創建發票來賬帳戶級餘規標題歸屬註冊",
    "订单号码编门店商品数据总价金额会员机类状态备注时间买卖实际付应货运费优惠退积点姓联系络电话邮箱详细区县导购销产顾与义务创建发票来账账户级余规标题归属注册",
)
_DROPPED = str.maketrans("", "", " \t\r\n\u00a0\u3000\ufeff_-*·'\"`")


def normal(name: str) -> str:
    """A header name without width, case, blanks, marks and traditional forms: 'Order No' and 'order_no' are equal."""
    return unicodedata.normalize("NFKC", name).casefold().translate(_DROPPED).translate(_TRADITIONAL)


def candidates(rows: Sequence[Sequence[str]]) -> list[Header]:
    """Headers that the first rows may be, the uppermost first, with names of the group row above where it has some."""
    found: list[Header] = []
    for depth, row in enumerate(rows[:_ROWS_SEARCHED]):
        names = _tidy(row)
        if sum(1 for name in names if name) < 2:
            continue
        above = _tidy(rows[depth - 1]) if depth else ()
        groups = _carried(above, len(names))
        if any(groups) and any(
            not name and group for name, group in zip(names, _padded(above, len(names)), strict=True)
        ):
            names = tuple(name or group for name, group in zip(names, _padded(above, len(names)), strict=True))
        paths = tuple(
            f"{group}_{name}" if group and group != name else name for group, name in zip(groups, names, strict=True)
        )
        found.append(Header(names=names, paths=paths, depth=depth + 1))
    return found


def _tidy(row: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(cell.strip("\ufeff \t\r\n\u3000'").split()) for cell in row)


def _padded(names: Sequence[str], width: int) -> tuple[str, ...]:
    return tuple(names[:width]) + ("",) * (width - len(names))


def _carried(names: Sequence[str], width: int) -> tuple[str, ...]:
    """Group titles of merged cells: a title holds until the next one."""
    carried, title = [], ""
    for name in _padded(names, width):
        title = name or title
        carried.append(title)
    return tuple(carried)


def knows(channel: Channel, header: Header) -> float:
    """The share of the header's columns that a mapping reads; 0 where its signature is not fulfilled."""
    present = {normal(name) for name in (*header.names, *header.paths) if name}
    if not all(any(normal(name) in present for name in group) for group in channel.signature):
        return 0.0
    named = sum(1 for name in header.names if name and name not in EXTRA)
    share = (named - len(unread(channel, header))) / max(named, 1)
    return share if share >= channel.share else 0.0


def unread(channel: Channel, header: Header) -> tuple[str, ...]:
    """The header's columns that a mapping does not read."""
    read = {normal(name) for rule in channel.columns.values() for name in rule.columns}
    read |= {normal(name) for group in channel.signature for name in group}
    paths = dict(zip(header.names, header.paths, strict=True))
    named = [name for name in header.names if name and name not in EXTRA]
    return tuple(name for name in named if normal(name) not in read and normal(paths[name]) not in read)


def recognise(rows: Sequence[Sequence[str]], channels: Iterable[Channel]) -> tuple[Header, Channel] | None:
    """The header row and mapping of a table by its first rows; None where no mapping knows it.

    A mapping of higher `priority` wins (the shop's own, then platforms, then generic files), then the larger share.
    """
    best: tuple[tuple[int, float, int], Header, Channel] | None = None
    for header in candidates(rows):
        for channel in channels:
            share = knows(channel, header)
            if share > 0:
                rank = (channel.priority, share, -header.depth)
                if best is None or rank > best[0]:
                    best = (rank, header, channel)
    return (best[1], best[2]) if best else None
