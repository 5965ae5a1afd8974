"""Reading YAML (PyYAML) with the line of every key, so that a message can name it."""

from collections.abc import Mapping
from typing import Any

import yaml


def read_lined(text: str) -> tuple[dict[str, Any], Mapping[str, int]]:
    """The mapping that a text holds, and the line of each key by its dotted path (`scripts.warm.zh`).

    A text without a mapping gives an empty one. Raises `yaml.MarkedYAMLError`.
    """
    loader = yaml.SafeLoader(text)
    try:
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            return {}, {}
        lines: dict[str, int] = {}
        _walk(root, prefix="", lines=lines)
        return dict(loader.construct_document(root)), lines
    finally:
        loader.dispose()


def _walk(node: yaml.MappingNode, *, prefix: str, lines: dict[str, int]) -> None:
    for key, value in node.value:
        path = f"{prefix}{key.value}"
        lines[path] = key.start_mark.line + 1
        if isinstance(value, yaml.MappingNode):
            _walk(value, prefix=f"{path}.", lines=lines)
