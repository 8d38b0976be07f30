"""Linking: from a seller's consent to credentials and the shops they open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.shops import Credentials, PlatformApp, ShopAccess


@dataclass(frozen=True, slots=True)
class GrantedShop:
    """One shop that a consent opened, with its credentials."""

    external_id: str
    credentials: Credentials
    authorisation: str = ""
    """What has this one pair for all of its shops, by the platform's name for it; empty where each has its own."""


@dataclass(frozen=True, slots=True)
class ShopSnapshot:
    """A shop as the platform describes it. `is_usable` is False when it is frozen, banned or closed."""

    external_id: str
    name: str
    region: str
    currency: str
    is_usable: bool
    raw_status: str
    authorised_until: datetime | None


@dataclass(frozen=True, slots=True)
class Authorisation:
    """A shop that an app may read, and until when; None where that does not end by itself."""

    external_id: str
    until: datetime | None


class LinkingRole(Protocol):
    def authorize_url(self, app: PlatformApp, *, redirect_url: str, state: str) -> str:
        """Return the page on which the seller gives consent."""

    async def exchange_code(self, app: PlatformApp, query: Mapping[str, str]) -> Sequence[GrantedShop]:
        """Trade the query that came back with the seller for credentials; the code works once.

        Raises RequestRejected when the code is spent, expired or foreign.
        """

    async def refresh(self, app: PlatformApp, external_id: str, refresh_token: str) -> Credentials:
        """Trade a refresh token for a new pair, once and without retries: the old one is spent by it.

        Raises TokenRevoked when it is spent or foreign or the consent has ended, FateUnknown when
        the request left and no answer came.
        """

    async def fetch_shop(self, shop: ShopAccess) -> ShopSnapshot: ...

    async def fetch_authorisations(self, app: PlatformApp) -> Sequence[Authorisation]:
        """Return every shop that the app may read now."""
