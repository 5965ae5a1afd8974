"""Reading definitions/*.yaml."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from shuke.reference.rules import one_pattern
from shuke.reference.values import StoreWords

_FOLDER = Path(__file__).parent.parent / "definitions"


@lru_cache(maxsize=1)
def store_words() -> StoreWords:
    """definitions/stores.yaml."""
    values: dict[str, Any] = yaml.safe_load((_FOLDER / "stores.yaml").read_text("utf-8"))
    return StoreWords(
        online_words=tuple(word.lower() for word in values["online"]["words"]),
        online_sources=frozenset(values["online"]["sources"]),
        endings=tuple(values["endings"]),
        code_pattern=values["code_pattern"],
    )


@lru_cache(maxsize=1)
def goods_parameters() -> dict[str, object]:
    """definitions/goods.yaml as the parameters of the table products."""
    values: dict[str, Any] = yaml.safe_load((_FOLDER / "goods.yaml").read_text("utf-8"))
    return {
        "not_goods_codes": sorted({str(code).upper() for code in values["codes"]}),
        "not_goods_sku": one_pattern(values["sku_patterns"]),
        "not_goods_product": one_pattern(values["product_patterns"]),
    }
