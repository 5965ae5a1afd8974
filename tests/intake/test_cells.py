"""The SQL readings of numbers, times and phones agree with plain Python on anything that people write."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuke.intake.adapters.phone import complete_numbers
from shuke.intake.rules import phones
from shuke.intake.rules.pieces import Context, Setting, piece
from shuke.intake.rules.typing import typing
from shuke.intake.values import Channel, Header, Kind, Part, Quirks, Recognised, Rule, Shape
from shuke.kernel.money import to_minor
from shuke.lake.adapters import engine

TODAY = date(2026, 11, 22)
Read = Callable[..., list[Any]]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    """`read(target, texts, zone=..., order=...)` types one column of texts as a sales target and gives its values."""
    cursor = engine(tmp_path_factory.mktemp("scratch") / Path("x"))

    def reading(
        target: str, texts: list[str], *, zone: str = "Asia/Shanghai", order: str = "", column: str = ""
    ) -> list[Any]:
        cursor.register(
            "given", pa.table({"c0": texts, "c1": [""] * len(texts), "c2": pa.nulls(len(texts), pa.string())})
        )
        header = Header(("text", "none"), ("text", "none"), 1)
        channel = Channel(
            "t",
            "t",
            1,
            Kind.SALES,
            (),
            {target: Rule(("text",)), "order_no": Rule(("none",))},
            date_order=order,
            required=(target,),
        )
        part = Part("", header, "given", 2, Quirks(), spare=1)
        made = typing(Recognised(part, channel), Setting("CNY", zone, 0, TODAY))
        rows = cursor.execute(f'select "{column or target}" from ({made.sql})').fetchall()
        cursor.unregister("given")
        return [row[0] for row in rows]

    return reading


amounts = st.decimals(min_value=-9_999_999, max_value=9_999_999, places=3, allow_nan=False)
dresses = st.sampled_from(["{}", " {} ", "¥{}", "{}元", "￥ {}", "\t{}", "'{}", '="{}"', "{}\u3000", "RMB{}"])
WIDE = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(amounts, dresses, st.booleans(), st.booleans()), min_size=1, max_size=30))
def test_amounts_in_any_dress_are_rounded_half_up(
    read: Read, given_amounts: list[tuple[Decimal, str, bool, bool]]
) -> None:
    texts = []
    for amount, dress, grouped, wide in given_amounts:
        number = f"{amount:,}" if grouped else f"{amount}"
        texts.append(dress.format(number.translate(WIDE) if wide else number))
    assert read("order_paid", texts, column="order_paid_minor") == [
        to_minor(amount, "CNY") for amount, *_ in given_amounts
    ]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(alphabet="0123456789.,-+eE_ ¥元()%abc", max_size=14), min_size=1, max_size=60))
def test_no_text_is_read_as_another_number_than_python_reads(read: Read, texts: list[str]) -> None:
    for text, value in zip(texts, read("order_paid", texts, column="order_paid_minor"), strict=True):
        if value is not None:
            bare = text.strip(" '").replace(",", "").replace("¥", "").replace("元", "").replace(" ", "")
            negative = (bare.startswith("(") and bare.endswith(")")) or bare.endswith("-")
            number = Decimal(bare.strip("()").rstrip("-"))
            assert value == to_minor((-number if negative else number).quantize(Decimal("0.000001")), "CNY")


moments = st.datetimes(min_value=datetime(1992, 1, 1), max_value=datetime(2026, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)
FORMS: list[Callable[[datetime], str]] = [
    lambda m: f"{m:%Y-%m-%d %H:%M:%S}",
    lambda m: f"{m:%Y/%m/%d %H:%M:%S}",
    lambda m: f"{m.year}/{m.month}/{m.day} {m.hour}:{m.minute:02d}:{m.second:02d}",
    lambda m: f"{m.year}年{m.month}月{m.day}日 {m.hour}:{m.minute:02d}:{m.second:02d}",
    lambda m: f"{m.year}年{m.month}月{m.day}日{m.hour}时{m.minute}分{m.second}秒",
    lambda m: f"{m:%Y-%m-%dT%H:%M:%S}",
    lambda m: f"{m:%Y%m%d%H%M%S}",
    lambda m: f"{m:%Y.%m.%d %H:%M:%S}",
    lambda m: repr((m - datetime(1899, 12, 30)) / timedelta(days=1)),
]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(moments, st.sampled_from(FORMS)), min_size=1, max_size=40))
def test_local_times_in_any_form_become_the_same_instant(
    read: Read, given_moments: list[tuple[datetime, Callable[[datetime], str]]]
) -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    expected = [
        moment.replace(tzinfo=shanghai).astimezone(ZoneInfo("UTC")).replace(tzinfo=None) for moment, _ in given_moments
    ]
    texts = [form(moment) for moment, form in given_moments]
    assert read("ordered_at", texts) == expected
    assert read("ordered_at", texts, column="ordered_on") == [moment.date() for moment, _ in given_moments]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(moments, min_size=1, max_size=30), st.sampled_from(["Europe/London", "America/New_York", "Asia/Shanghai"])
)
def test_offsets_and_unix_seconds_are_absolute(read: Read, given_moments: list[datetime], zone: str) -> None:
    absolute = [moment for moment in given_moments if moment.year > 2001]
    for form in ("{:%Y-%m-%dT%H:%M:%SZ}", "{:%Y-%m-%d %H:%M:%S+00:00}", "{:%Y-%m-%d %H:%M:%S +0000}"):
        assert read("ordered_at", [form.format(moment) for moment in absolute], zone=zone) == absolute
    seconds = [str(int((moment - datetime(1970, 1, 1)).total_seconds())) for moment in absolute]
    assert read("ordered_at", seconds, zone=zone) == absolute
    days = [moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).date() for moment in absolute]
    assert read("ordered_at", seconds, zone=zone, column="ordered_on") == days


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("13/02/2024", "", datetime(2024, 2, 13)),
        ("02/13/2024 7:45", "", datetime(2024, 2, 13, 7, 45)),
        ("01/02/2024", "", None),
        ("01/02/2024", "mdy", datetime(2024, 1, 2)),
        ("01/02/2024", "dmy", datetime(2024, 2, 1)),
        ("45000", "", datetime(2023, 3, 15)),
        ("20240102", "", datetime(2024, 1, 2)),
        ("epoch", "", None),
        ("infinity", "", None),
        ("2024-06-31", "", None),
        ("99999-01-01", "", None),
        ("0000-00-00 00:00:00", "", None),
    ],
)
def test_dates_of_one_kind_only(read: Read, text: str, order: str, expected: datetime | None) -> None:
    assert read("ordered_at", [text], zone="UTC", order=order) == [expected]


def test_summer_time_is_the_shops(read: Read) -> None:
    texts = ["2011-07-01 12:00:00", "2011-01-01 12:00:00"]
    assert read("ordered_at", texts, zone="Europe/London") == [datetime(2011, 7, 1, 11), datetime(2011, 1, 1, 12)]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(
    ["{}", "+86{}", "+86 {}", "86{}", "0086{}", "'{}", " {} ", "spaced"])), min_size=1, max_size=30))  # fmt: skip
def test_chinese_mobiles_however_written(read: Read, numbers: list[tuple[str, str]]) -> None:
    texts = [f"{n[:3]}-{n[3:7]} {n[7:]}" if form == "spaced" else form.format(n) for n, form in numbers]
    assert read("phone", texts) == [f"86{number}" for number, _ in numbers]
    assert set(read("phone", texts, column="phone_virtual")) == {False}


def test_masked_virtual_and_unreadable_phones(read: Read) -> None:
    texts = [
        "138****5678",
        "+86138****5678",
        "1**********",
        "****",
        "13812345678转123",
        "13812345678,4567",
        "95013012345678",
        "0571-88881234",
        "x",
    ]
    assert read("phone", texts) == [None] * len(texts)
    assert read("phone", texts, column="phone_masked") == ["138****5678", "138****5678", *[None] * 7]
    assert read("phone", texts, column="phone_virtual") == [False, False, False, False, True, True, True, False, False]
    assert read("phone", texts, column="phone_odd")[-2:] == ["0571-88881234", "x"]
    assert complete_numbers(["0571-88881234", "x"], country="CN") == {"0571-88881234": "8657188881234"}


def test_digits_are_hidden_by_many_marks(read: Read) -> None:
    texts = [
        "138xxxx5678",
        f"138{'X' * 4}5678",
        "138●●●●5678",
        "１３８＊＊＊＊５６７８",
        "0086 138****5678",
        "138-****-5678",
    ]
    others = ["17012345678x1234", "138xx5678", "1381234****"]
    assert read("phone", [*texts, *others], column="phone_masked") == [*["138****5678"] * 6, *[None] * 3]
    assert read("phone", [*texts, *others], column="phone_odd") == [*[None] * 6, *others[:2], None]


def test_foreign_numbers_are_read_as_dialled_there() -> None:
    number = phonenumbers.example_number("GB")
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    assert complete_numbers([written], country="GB") == {written: f"44{number.national_number}"}
    assert phones.plain("x", country="GB") == "cast(null as varchar)"


def test_a_target_without_column_or_constant_has_no_piece() -> None:
    channel = Channel("t", "t", 1, Kind.SALES, (), {})
    context = Context(Part("", Header((), (), 1), "x", 1, Quirks()), channel, Setting("CNY", "UTC", 0, TODAY), {})
    assert piece("sku", Shape.TEXT, context=context) is None
