"""Pausing the search for dead cycles."""

import gc

import pytest

from shuke.kernel.collector import collector_paused


def test_paused_within_and_on_again_after_an_error() -> None:
    assert gc.isenabled()
    with pytest.raises(ValueError), collector_paused():
        assert not gc.isenabled()
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
        raise ValueError("in the midst")
    assert gc.isenabled()
