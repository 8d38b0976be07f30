"""Repeats are switched off here; a test that is about them switches them on."""

from collections.abc import Iterator

import pytest
import stamina


@pytest.fixture(autouse=True)
def no_repeats() -> Iterator[None]:
    with stamina.set_testing(True, attempts=1):
        yield


@pytest.fixture
def repeats_without_pauses() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield
