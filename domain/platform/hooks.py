"""Hooks: a platform's push is verified and read as hints; what it says is never trusted as data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from domain.shops import PlatformApp


class HintKind(StrEnum):
    ORDER = "order"
    LISTING = "listing"
    RETURN = "return"
    AUTHORISED = "authorised"
    DEAUTHORISED = "deauthorised"
    AUTHORISATION_ENDING = "authorisation_ending"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Hint:
    """Something changed at `shop_external_id`; read it again. Equal events have equal `event_key`."""

    kind: HintKind
    shop_external_id: str
    ids: tuple[str, ...]
    event_key: str
    raw_kind: str


class Hooks(Protocol):
    def verify_and_parse(self, app: PlatformApp, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        """Check the signature over the raw body (constant time, every active key), then read it.

        Returns no hint for a platform's own test message. Raises NotAllowed("bad_signature") before
        anything is parsed, InputError("bad_body") for a signed body that cannot be read.
        """
