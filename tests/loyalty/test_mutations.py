"""Field bugs planted one by one into the real rules: each must be caught by the short list of cases.

A mutant is a rule's own source with a few words changed, compiled in its place, so that every caller meets it. A mutant
whose words are no longer in the source fails the test: then the rule has changed and the bug must be planted anew.
"""

import importlib
import inspect
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from types import FunctionType

import pytest

from tests.engines import Engine
from tests.loyalty import cases_together
from tests.loyalty.cases import CASES
from tests.loyalty.mutants import MUTANTS, Mutant
from tests.loyalty.programmes import under

assert cases_together.__doc__


@contextmanager
def planted(mutant: Mutant) -> Iterator[None]:
    """The bug, for as long as the block lasts."""
    module, _, name = mutant.place.partition(":")
    owner = importlib.import_module(f"shuke.loyalty.{module}")
    function: object = owner
    for part in name.split("."):
        function = getattr(function, part)
    assert isinstance(function, FunctionType)
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(mutant.here) == 1, f"{mutant.place} no longer says '{mutant.here}' once"
    scope: dict[str, object] = {}
    exec(compile(source.replace(mutant.here, mutant.instead), mutant.place, "exec"), function.__globals__, scope)
    changed = scope[function.__name__]
    assert isinstance(changed, FunctionType)
    before, defaults = function.__code__, function.__kwdefaults__
    function.__code__, function.__kwdefaults__ = changed.__code__, changed.__kwdefaults__
    try:
        yield
    finally:
        function.__code__, function.__kwdefaults__ = before, defaults


def _failing(engine: Engine) -> str:
    """The first case that fails, or ''."""
    for name, (variant, case) in CASES.items():
        with under(engine.workspace, variant):
            try:
                case()
            except (Exception, pytest.fail.Exception):
                return name
    return ""


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_cases_hold_without_a_bug(engine: Engine, name: str) -> None:
    variant, case = CASES[name]
    with under(engine.workspace, variant):
        case()


def test_every_planted_bug_is_caught(engine: Engine) -> None:
    if engine.kind != "sqlite":
        pytest.skip("the rules are the same words on both engines; the cases themselves run on both")
    assert _failing(engine) == ""
    caught = {}
    for mutant in MUTANTS:
        with planted(mutant):
            caught[mutant.name] = _failing(engine)
    for name, case in caught.items():
        print(f"{name}: caught by {case or 'NOTHING'}")
    assert len(caught) == len(MUTANTS) >= 25
    assert [name for name, case in caught.items() if not case] == []
