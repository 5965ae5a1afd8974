"""Reading outcomes (PyYAML)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from shuke.touches.values import Outcome

_FILE = Path(__file__).parent.parent / "definitions" / "outcomes.yaml"


@cache
def outcomes() -> Mapping[str, Outcome]:
    """The outcomes by code, in the order of the file."""
    raw = yaml.safe_load(_FILE.read_text("utf-8"))
    return {
        code: Outcome(
            code=code,
            zh=texts["zh"],
            en=texts["en"],
            reached=texts["reached"],
            replied=texts.get("replied", False),
            blocks=texts.get("blocks", ""),
            also=tuple(texts["also"]),
        )
        for code, texts in raw.items()
    }
