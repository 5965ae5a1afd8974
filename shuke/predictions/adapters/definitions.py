"""Reading this room's definitions (PyYAML)."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent.parent / "definitions"


@cache
def definition(name: str) -> dict[str, Any]:
    """The values of `definitions/<name>.yaml`."""
    values: dict[str, Any] = yaml.safe_load((_FOLDER / f"{name}.yaml").read_text("utf-8"))
    return values
