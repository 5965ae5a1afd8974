"""Which kind of line a product makes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

GOODS = "goods"
_DEFINITIONS = Path(__file__).parent / "definitions" / "line_kinds.yaml"


@dataclass(frozen=True)
class LineKind:
    """One kind of line that is not goods, with the codes and names that tell it."""

    code: str
    zh: str
    en: str
    codes: frozenset[str]
    prefixes: tuple[str, ...]
    names: re.Pattern[str]

    def tells(self, sku: str, product: str) -> bool:
        """Whether a product code or name belongs to this kind."""
        code = sku.strip().upper()
        return (
            code in self.codes
            or bool(self.prefixes and code.startswith(self.prefixes))
            or bool(self.names.fullmatch(product.strip()))
        )


@lru_cache(maxsize=1)
def line_kinds() -> tuple[LineKind, ...]:
    """The kinds of definitions/line_kinds.yaml in their order."""
    written: Mapping[str, Mapping[str, Any]] = yaml.safe_load(_DEFINITIONS.read_text("utf-8"))
    return tuple(
        LineKind(
            code=code,
            zh=entry["zh"],
            en=entry["en"],
            codes=frozenset(str(text).upper() for text in entry["codes"]),
            prefixes=tuple(entry.get("code_prefixes", ())),
            names=re.compile(entry["names"], re.IGNORECASE),
        )
        for code, entry in written.items()
    )


def kind_of(*, sku: str | None, product: str | None, is_goods: bool = True) -> str:
    """The kind of a line: a code of line_kinds.yaml, else `goods`.

    `is_goods` is what the product list says: a product that it knows as no goods is a `fee` where no kind tells more.
    """
    for kind in line_kinds():
        if kind.tells(sku or "", product or ""):
            return kind.code
    return GOODS if is_goods else "fee"
