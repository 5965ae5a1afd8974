"""Reading a definition with the shop's own file laid over it; every mistake names file, line, field and repair."""

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from shuke.kernel.errors import ShukeError

Keys = tuple[str, ...]
LARGEST = 1_000_000_000_000


class BadProgramme(ShukeError):
    """A file of the loyalty programme cannot be used; the message names file, line and field, the hint the repair."""

    code = "bad_programme"


@dataclass(frozen=True)
class Page:
    """The values of one definition, the shop's own over those of the house, and where each field stands."""

    name: str
    values: Mapping[str, Any]
    places: Mapping[Keys, tuple[str, int]]

    def wrong(self, path: Keys, *, what: str, hint: str) -> BadProgramme:
        """The error of a field."""
        known = next((self.places[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.places), None)
        place = f"{known[0]} line {known[1]}" if known else self.name
        return BadProgramme(f"{place}, {'.'.join(path)}: {what}", hint=hint)

    def keys(self, path: Keys) -> tuple[str, ...]:
        """The keys below a field; none where it is empty or absent."""
        found = self._found(path)
        if found is None:
            return ()
        if not isinstance(found, Mapping):
            raise self.wrong(
                path, what="fields belong below it.", hint="Indent them by two spaces, as in 'code: {..}'."
            )
        return tuple(str(key) for key in found)

    def only(self, path: Keys, *, known: Collection[str], may_be_gone: bool = False) -> None:
        """Raises `BadProgramme` where a key below a field is none of `known`.

        With `may_be_gone` what ships may name codes that the shop took away.
        """
        for key in self.keys(path):
            if key not in known and not (may_be_gone and self._ships((*path, key))):
                near = difflib.get_close_matches(key, known, n=1)
                hint = f"Did you mean '{near[0]}'?" if near else f"Known here: {', '.join(sorted(known))}."
                raise self.wrong((*path, key), what="nobody knows this field.", hint=hint)

    def text(self, path: Keys, *, absent: str | None = None) -> str:
        """A text that is not empty, or `absent`."""
        found = self._found(path)
        if found is None and absent is not None:
            return absent
        if found is None or isinstance(found, Mapping | list) or not str(found).strip():
            raise self.wrong(path, what="a text belongs here.", hint="Write it behind the colon.")
        return str(found).strip()

    def whole(self, path: Keys, *, absent: int | None = None, least: int = 0, largest: int = LARGEST) -> int:
        """A whole number within bounds, or `absent`."""
        found = self._found(path)
        if found is None and absent is not None:
            return absent
        if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= largest:
            hint = f"Write a whole number from {least} to {largest}, without quotes."
            raise self.wrong(path, what=f"{found!r} is not such a number.", hint=hint)
        return found

    def thousandths(self, path: Keys, *, absent: int) -> int:
        """A factor such as 1.25 as 1250, exactly."""
        found = self._found(path)
        if found is None:
            return absent
        number = Decimal(str(found)) * 1000 if isinstance(found, int | float) and not isinstance(found, bool) else None
        if number is None or not 0 < number <= 100_000 or number != int(number):
            raise self.wrong(path, what=f"{found!r} is no factor.", hint="Write up to three decimals, such as 1.25.")
        return int(number)

    def flag(self, path: Keys, *, absent: bool = False) -> bool:
        """True or false, or `absent`."""
        found = self._found(path)
        if found is None:
            return absent
        if not isinstance(found, bool):
            raise self.wrong(path, what=f"{found!r} is neither true nor false.", hint="Write true or false.")
        return found

    def day(self, path: Keys) -> date | None:
        """A day, or None where it is left out."""
        found = self._found(path)
        if found is None:
            return None
        if type(found) is not date:
            raise self.wrong(path, what=f"{found!r} is no day.", hint="Write it as 2026-12-31, without quotes.")
        return found

    def choice(self, path: Keys, *, among: Collection[str], absent: str | None = None) -> str:
        """One of the words of `among`, or `absent`."""
        found = self._found(path)
        if found is None and absent is not None:
            return absent
        if str(found) not in among:
            near = difflib.get_close_matches(str(found), among, n=1)
            hint = f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(among)}."
            raise self.wrong(path, what=f"{found!r} is not known here.", hint=hint)
        return str(found)

    def codes(self, path: Keys, *, among: Collection[str] | None = None) -> tuple[str, ...]:
        """A list of codes, each one of `among` where that is given; none where it is left out.

        What ships may name what the shop took away: it is left out.
        """
        found = self._found(path)
        if found is None:
            return ()
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            raise self.wrong(path, what="a list of codes belongs here.", hint="Write it as [one, two], numbers quoted.")
        for item in found:
            if among is not None and item not in among and not self._ships(path):
                raise self.wrong(path, what=f"there is no '{item}'.", hint=f"Known: {', '.join(among)}.")
        return tuple(item for item in found if among is None or item in among)

    def entries(self, path: Keys, *, among: Collection[str] | None = None) -> tuple[str, ...]:
        """The codes below a field that hold something and are of `among`; one set to nothing is taken away."""
        held = (key for key in self.keys(path) if self._found((*path, key)) is not None)
        return tuple(key for key in held if among is None or key in among)

    def _ships(self, path: Keys) -> bool:
        return self.places.get(path, ("", 0))[0].startswith("shuke/")

    def _found(self, path: Keys) -> Any:
        node: Any = self.values
        for key in path:
            if not isinstance(node, Mapping):
                return None
            node = node.get(key)
        return node


def read_page(house: Path, *, own: Path) -> Page:
    """The page of a file that ships, with the shop's own file over it where there is one. Raises `BadProgramme`."""
    values, places = _read(house, shown=f"shuke/loyalty/definitions/{house.name}")
    if own.is_file():
        said, own_places = _read(own, shown=f"loyalty/{own.name}")
        values, places = _over(values, said), {**places, **own_places}
    return Page(f"loyalty/{house.name}", values, places)


def _over(under: Mapping[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """Field by field the upper value, else the lower one; a field set to nothing takes an entry away."""
    merged = dict(under)
    for key, value in upper.items():
        both = isinstance(value, Mapping) and isinstance(under.get(key), Mapping)
        merged[key] = _over(under[key], value) if both else value
    return merged


def _read(path: Path, *, shown: str) -> tuple[dict[str, Any], dict[Keys, tuple[str, int]]]:
    try:
        root = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
        loaded = yaml.safe_load(path.read_text("utf-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        hint = "Mend the indentation, the colon or the quotes there."
        raise BadProgramme(f"{shown} line {line}: {error.problem}.", hint=hint) from error
    except (yaml.YAMLError, ValueError) as error:
        raise BadProgramme(f"{shown} cannot be read: {error}.", hint="Save it as plain UTF-8 text.") from error
    if root is None:
        return {}, {}
    if not isinstance(root, yaml.MappingNode):
        raise BadProgramme(f"{shown} line 1: fields belong here.", hint="Write 'field: value' on each line.")
    places: dict[Keys, tuple[str, int]] = {}
    _walk(root, above=(), shown=shown, places=places)
    return _plain(loaded), places


def _plain(node: Any) -> Any:
    """The values with texts as keys, for a code such as 618 is read as a number."""
    return {str(key): _plain(value) for key, value in node.items()} if isinstance(node, Mapping) else node


def _walk(node: yaml.MappingNode, *, above: Keys, shown: str, places: dict[Keys, tuple[str, int]]) -> None:
    for key, value in node.value:
        path = (*above, str(key.value))
        line = key.start_mark.line + 1
        if path in places:
            hint = f"Line {places[path][1]} says it already; take one away."
            raise BadProgramme(f"{shown} line {line}, {'.'.join(path)}: it is written twice.", hint=hint)
        places[path] = (shown, line)
        if isinstance(value, yaml.MappingNode):
            _walk(value, above=path, shown=shown, places=places)
