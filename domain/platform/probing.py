"""Probing: what a platform really answers, laid beside what its documents say. Names and types, never values."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from domain.shops import ShopAccess


class Kind(StrEnum):
    """How an answer differs from the documents."""

    NEW_FIELD = "new field"
    OTHER_TYPE = "other type"
    GONE = "gone"
    NEW_WORD = "new word"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference, once for each path: the types or the word that tell it."""

    kind: Kind
    path: str
    found: str = ""
    documented: str = ""


class Asked(StrEnum):
    ANSWERED = "answered"
    REFUSED = "refused"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True)
class ProbedCall:
    """What became of one call; `reason` is a code of the platform's or ours, where there was no answer."""

    operation: str
    asked: Asked
    differences: tuple[Difference, ...] = ()
    reason: str = ""


class Probing(Protocol):
    async def probe(self, shop: ShopAccess) -> Sequence[ProbedCall]:
        """Make the read-only calls that we live by, and compare each answer. Raises TokenExpired, TokenRevoked."""
