"""Reading YAML (PyYAML) with the line of every key, so that a message can name it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import time
from typing import Any

import yaml
from yaml.composer import ComposerError


class Trouble(ValueError):
    """A text that is no plain YAML: what is wrong and on which line (0 where that is not known)."""

    def __init__(self, what: str, *, line: int) -> None:
        super().__init__(what)
        self.line = line


class _PlainLoader(yaml.SafeLoader):
    """Without aliases: a few lines of them stand for more values than any machine holds. `at`: the line being read."""

    at = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.current_event.start_mark
            raise ComposerError(None, None, "a name with * is not read here: write it out", mark)
        return super().compose_node(parent, index)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        self.at = node.start_mark.line + 1
        return super().construct_object(node, deep=deep)


@contextmanager
def plain_loader(text: str) -> Iterator[yaml.SafeLoader]:
    """A loader of plain values for a text; whatever the text holds wrong is raised as `Trouble` with its line."""
    loader: _PlainLoader | None = None
    try:
        loader = _PlainLoader(text)
        yield loader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise Trouble(str(error.problem), line=line) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Trouble("a sign stands here that no text may hold", line=line) from error
    except (ValueError, OverflowError) as error:
        raise Trouble("a number or a day cannot be read", line=loader.at if loader else 0) from error
    except RecursionError as error:
        raise Trouble("the brackets are nested too deep", line=0) from error
    finally:
        if loader is not None:
            loader.dispose()


def clock_time(text: str) -> time:
    """A time of the shop's own day, such as 18:00. Raises `ValueError`, also for a time of another zone."""
    found = time.fromisoformat(text)
    if found.tzinfo is not None:
        raise ValueError("a time of day has no zone")
    return found


def read_lined(text: str) -> tuple[dict[str, Any], Mapping[str, int]]:
    """The mapping that a text holds, and the line of each key by its dotted path (`scripts.warm.zh`).

    A text without a mapping gives an empty one. Raises `Trouble`.
    """
    with plain_loader(text) as loader:
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            return {}, {}
        lines: dict[str, int] = {}
        _walk(root, prefix="", lines=lines)
        return dict(loader.construct_document(root)), lines


def _walk(node: yaml.MappingNode, *, prefix: str, lines: dict[str, int]) -> None:
    for key, value in node.value:
        path = f"{prefix}{key.value}"
        lines[path] = key.start_mark.line + 1
        if isinstance(value, yaml.MappingNode):
            _walk(value, prefix=f"{path}.", lines=lines)
