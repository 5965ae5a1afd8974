"""Field bugs planted one by one into the real rules: each must be caught by the short list of cases.

Each mutant names the case that catches it. A mutant is a rule's own source with a few words changed, compiled in its
place, so that every caller meets it. A mutant whose words are no longer in the source fails the test: then the rule
has changed and the bug must be planted anew.
"""

import importlib
import inspect
import sqlite3
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from types import FunctionType

import pytest

from shuke.kernel.errors import ShukeError
from tests.engines import Engine
from tests.loyalty import cases_perks, cases_together
from tests.loyalty.cases import CASES
from tests.loyalty.mutants import MUTANTS, Mutant
from tests.loyalty.programmes import under

assert cases_together.__doc__ and cases_perks.__doc__


@contextmanager
def planted(mutant: Mutant) -> Iterator[None]:
    """The bug, for as long as the block lasts."""
    module, _, name = mutant.place.partition(":")
    found: object = importlib.import_module(f"shuke.loyalty.{module}")
    for part in name.split("."):
        found = getattr(found, part)
    function = getattr(found, "__wrapped__", found)
    assert isinstance(function, FunctionType)
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(mutant.here) == 1, f"{mutant.place} no longer says '{mutant.here}' once"
    scope: dict[str, object] = {}
    exec(compile(source.replace(mutant.here, mutant.instead), mutant.place, "exec"), function.__globals__, scope)
    changed = getattr(scope[function.__name__], "__wrapped__", scope[function.__name__])
    before = function.__code__
    function.__code__ = changed.__code__
    _forget()
    try:
        yield
    finally:
        function.__code__ = before
        _forget()


def _forget() -> None:
    """Empties what the rules remember of earlier answers."""
    for name, module in list(sys.modules.items()):
        if name.startswith("shuke.loyalty."):
            for thing in list(vars(module).values()):
                if callable(getattr(thing, "cache_clear", None)) and hasattr(thing, "__wrapped__"):
                    thing.cache_clear()


def _fails(engine: Engine, name: str) -> bool:
    """Whether a case fails: a balance, a refusal or the database's own constraints say no."""
    variant, case = CASES[name]
    with under(engine.workspace, variant):
        try:
            case()
        except (AssertionError, pytest.fail.Exception, ShukeError, LookupError, sqlite3.Error):
            return True
    return False


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_cases_hold_without_a_bug(engine: Engine, name: str) -> None:
    variant, check = CASES[name]
    with under(engine.workspace, variant):
        check()


def test_every_planted_bug_is_caught(engine: Engine) -> None:
    if engine.kind != "sqlite":
        pytest.skip("the rules are the same words on both engines; the cases themselves run on both")
    used = sorted({mutant.case for mutant in MUTANTS})
    assert [name for name in used if _fails(engine, name)] == []
    missed = []
    for mutant in MUTANTS:
        with planted(mutant):
            if not _fails(engine, mutant.case):
                missed.append(f"{mutant.name}: {mutant.case} holds all the same")
    assert missed == []
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 25
