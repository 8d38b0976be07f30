"""Lazada in the `LinkingRole`."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from adapters.lazada import auth, endpoints, wire
from adapters.lazada.client import NOTHING, SLUG, LazadaClient
from adapters.lazada.hosts import CURRENCIES
from domain.clock import Clock
from domain.errors import FateUnknown, RequestRejected, UnexpectedResponse, UnsupportedByPlatform
from domain.platform import Authorisation, GrantedShop, ShopSnapshot
from domain.shops import Credentials, PlatformApp, ShopAccess

ACTIVE = "ACTIVE"
ACROSS_BORDERS = "cb"
_LONGEST = timedelta(days=36_500)


class LazadaLinking:
    """The `LinkingRole`, for sellers of one market: a consent across borders has one pair for all of its shops."""

    def __init__(self, client: LazadaClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._regions: dict[str, str] = {}
        """The market of each shop that somebody consented for, until it is described."""

    def authorize_url(self, app: PlatformApp, *, redirect_url: str, state: str) -> str:
        return auth.authorize_url(app, redirect_url=redirect_url, state=state)

    async def exchange_code(self, app: PlatformApp, query: Mapping[str, str]) -> Sequence[GrantedShop]:
        code = query.get("code", "")
        if not code:
            raise _rejected(query.get("error") or "no_code")
        tokens = await self._client.trade_code(app, code)
        credentials = self._credentials(app, tokens, endpoints.CREATE_TOKEN.operation)
        shops = [each for each in tokens.users() if each.seller_id is not None]
        if not shops:
            raise _rejected("no_shops")
        if len(shops) > 1 or (tokens.country or "").lower() == ACROSS_BORDERS:
            # All of them have this one pair, and calls for each go to another host.
            raise _rejected("shops_share_tokens")
        found = str(shops[0].seller_id)
        self._regions[found] = (shops[0].country or tokens.country or "").upper()
        return [GrantedShop(found, credentials)]

    async def refresh(self, app: PlatformApp, external_id: str, refresh_token: str) -> Credentials:  # noqa: ARG002 - one chain
        """Trade the refresh token, which comes back the same: what ends is stored as it was told."""
        tokens = await self._client.trade_refresh_token(app, refresh_token)
        return self._credentials(app, tokens, endpoints.REFRESH_TOKEN.operation)

    async def fetch_authorisations(self, app: PlatformApp) -> Sequence[Authorisation]:
        raise UnsupportedByPlatform(platform=app.platform, operation="fetch_authorisations")

    async def fetch_shop(self, shop: ShopAccess) -> ShopSnapshot:
        """Describe a shop; which market it is of is told by its consent and by the short code, not by a field."""
        region = self._regions.get(shop.external_id) or shop.region
        asked = ShopAccess(shop.app, shop.external_id, region, shop.currency, shop.credentials)
        told = await self._client.get(asked, endpoints.SELLER, NOTHING, wire.Told[wire.Seller])
        if str(told.seller_id) != shop.external_id:
            raise _rejected("shop_not_granted")
        market = self._regions.get(shop.external_id) or (told.short_code or "")[:2].upper() or region
        if market not in CURRENCIES:
            raise UnexpectedResponse(
                platform=SLUG, operation=endpoints.SELLER.operation, reason="unknown_region"
            )
        return ShopSnapshot(
            external_id=shop.external_id,
            name=told.name or shop.external_id,
            region=market,
            currency=CURRENCIES[market],
            is_usable=told.status == ACTIVE,
            raw_status=told.status or "",
            authorised_until=shop.credentials.refresh_expires_at,
        )

    def _credentials(self, app: PlatformApp, tokens: wire.Tokens, operation: str) -> Credentials:
        """Read a pair. Ends are told in seconds from now, and never known beforehand: documents differ."""
        now = self._clock()
        lasts = [
            _ends(tokens.expires_in, now),
            # A token that says 0 cannot be refreshed: it is over together with the access.
            _ends(tokens.refresh_expires_in or tokens.expires_in, now),
        ]
        if not tokens.access_token or not tokens.refresh_token or None in lasts:
            # The code or token is spent all the same.
            raise FateUnknown(platform=app.platform, operation=operation, reason="no_token_pair")
        return Credentials(tokens.access_token, tokens.refresh_token, lasts[0] or now, lasts[1])


def _ends(seconds: int, now: datetime) -> datetime | None:
    return now + min(timedelta(seconds=min(seconds, 10**10)), _LONGEST) if seconds > 0 else None


def _rejected(reason: str) -> RequestRejected:
    return RequestRejected(platform=SLUG, operation=endpoints.CREATE_TOKEN.operation, reason=reason)
