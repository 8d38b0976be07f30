"""What is asked of a platform once, and then only read back: the states of it, and what is seen of it (R6, R10)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class ActionState(StrEnum):
    """READY waits to leave; SENDING has left or is about to; UNKNOWN is read back before anybody decides.

    A DRAFT is put together step by step, and leaves only when a person has confirmed it.
    """

    DRAFT = "draft"
    READY = "ready"
    SENDING = "sending"
    UNKNOWN = "unknown"
    DONE = "done"
    REFUSED = "refused"


UNDER_WAY = frozenset({ActionState.READY, ActionState.SENDING, ActionState.UNKNOWN})
NO_EFFECT = "no_effect"
LOOKS = (
    timedelta(0),
    timedelta(seconds=2),
    timedelta(seconds=10),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=5),
)
"""Pauses before each look at what an action is about, while it does not show; after the last one a person decides."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is seen of an action: done, or with `refusal` that it can never be."""

    refusal: str = ""


DONE = Verdict()


class Asked(Protocol):
    """As much of an action as carrying it to its platform needs."""

    @property
    def id(self) -> str: ...
    @property
    def seller_id(self) -> str: ...
    @property
    def shop_id(self) -> str: ...
    @property
    def state(self) -> ActionState: ...
    @property
    def version(self) -> int: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def attempts(self) -> int: ...
    @property
    def looks(self) -> int: ...
    @property
    def is_under_way(self) -> bool: ...
