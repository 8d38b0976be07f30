"""Hooks: a platform's push is verified and read as hints; what it says is never trusted as data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.shops import PlatformApp


class HintKind(StrEnum):
    ORDER = "order"
    LISTING = "listing"
    RETURN = "return"
    STANDING = "standing"  # points, tiers, ratings of the shop itself
    CHAT = "chat"
    NEWS = "news"  # the platform's own announcements
    AUTHORISED = "authorised"
    DEAUTHORISED = "deauthorised"
    AUTHORISATION_ENDING = "authorisation_ending"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Hint:
    """Something changed at `shop_external_id`; read it again. Equal events have equal `event_key`.

    `numbers` are those that couriers gave parcels, where a push names them itself: by the parcel.
    """

    kind: HintKind
    shop_external_id: str
    ids: tuple[str, ...]
    event_key: str
    raw_kind: str
    numbers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LostPushes:
    """Pushes that could not be delivered, oldest first. `mark` confirms them; `has_more` tells that others wait."""

    hints: tuple[Hint, ...]
    mark: str = ""
    has_more: bool = False


class PushState(StrEnum):
    NORMAL = "normal"
    WARNING = "warning"  # too many could not be delivered: soon it is switched off
    SUSPENDED = "suspended"  # nothing is pushed, and what is missed is not kept
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PushHealth:
    """How a platform finds our address for pushes; `since` tells one suspension from the next."""

    state: PushState
    since: datetime | None = None


class Hooks(Protocol):
    def verify_and_parse(self, app: PlatformApp, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        """Check the signature over the raw body (constant time, every active key), then read it.

        Returns no hint for a platform's own test message. Raises NotAllowed("bad_signature") before
        anything is parsed, InputError("bad_body") for a signed body that cannot be read.
        """

    async def lost(self, app: PlatformApp) -> LostPushes:
        """Read pushes that the platform could not deliver; the same until they are confirmed."""

    async def confirm_lost(self, app: PlatformApp, mark: str) -> None:
        """Say that everything up to a mark is stored: the platform forgets it then."""

    async def push_health(self, app: PlatformApp) -> PushHealth:
        """Ask whether pushes are on: a platform that could not deliver them switches them off."""
