"""TikTok Shop in the `LinkingRole`."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from adapters.tiktok_shop import auth, endpoints, wire
from adapters.tiktok_shop.client import SLUG, TiktokShopClient
from adapters.tiktok_shop.hosts import currency_of
from domain.clock import Clock
from domain.errors import (
    FateUnknown,
    HostMisconfigured,
    RequestRejected,
    UnexpectedResponse,
    UnsupportedByPlatform,
)
from domain.platform import Authorisation, GrantedShop, ShopSnapshot
from domain.shops import Credentials, PlatformApp, ShopAccess

NO_CODE = frozenset({"", "null"})
"""A seller who declines comes back with the word."""

SELLER = 0

SCOPES = (
    "seller.authorization.info",
    "seller.shop.info",
    "seller.product.basic",
    "seller.product.write",
    "seller.order.info",
    "seller.fulfillment.basic",
    "seller.logistics",
    "seller.return_refund.basic",
    "seller.finance.info",
)
"""What our calls cannot do without. They are chosen in the Partner Center, and not in the link."""


class TiktokShopLinking:
    """The `LinkingRole`. A consent across borders opens several shops, which have one pair of tokens together."""

    def __init__(self, client: TiktokShopClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    def authorize_url(self, app: PlatformApp, *, redirect_url: str, state: str) -> str:  # noqa: ARG002 - set in the console
        return auth.authorize_url(app, state=state)

    async def exchange_code(self, app: PlatformApp, query: Mapping[str, str]) -> Sequence[GrantedShop]:
        code = query.get("code", "")
        if code in NO_CODE:
            raise _rejected(query.get("error") or "no_code")
        tokens = await self._client.trade_code(app, code)
        credentials = self._credentials(app, tokens, "get_token")
        if tokens.user_type != SELLER:
            raise _rejected("not_a_seller")
        if lacking := [scope for scope in SCOPES if scope not in (tokens.granted_scopes or ())]:
            raise HostMisconfigured(platform=SLUG, operation="get_token", reason=f"scope_{lacking[0]}")
        shops = await self._client.shops(app, credentials.access_token)
        if not shops:
            raise _rejected("no_shops")
        # The pair is the authorisation's, of which a seller across borders has one for all of his shops.
        whose = tokens.open_id or ""
        return [GrantedShop(str(each.id), credentials, whose) for each in shops]

    async def refresh(self, app: PlatformApp, external_id: str, refresh_token: str) -> Credentials:  # noqa: ARG002 - one chain
        tokens = await self._client.trade_refresh_token(app, refresh_token)
        return self._credentials(app, tokens, "refresh_token")

    async def fetch_authorisations(self, app: PlatformApp) -> Sequence[Authorisation]:
        raise UnsupportedByPlatform(platform=app.platform, operation="fetch_authorisations")

    async def fetch_shop(self, shop: ShopAccess) -> ShopSnapshot:
        token = shop.credentials.access_token
        granted = await self._client.shops(shop.app, token)
        found = next((each for each in granted if str(each.id) == shop.external_id), None)
        if found is None:
            raise _rejected("shop_not_granted")
        active = await self._client.shops(shop.app, token, endpoints.ACTIVE_SHOPS)
        is_active = shop.external_id in {str(each.id) for each in active}
        try:
            currency = currency_of(found.region or "")
        except KeyError:
            raise UnexpectedResponse(
                platform=SLUG, operation=endpoints.SHOPS.operation, reason="unknown_region"
            ) from None
        return ShopSnapshot(
            external_id=shop.external_id,
            name=found.name or shop.external_id,
            region=found.region or "",
            currency=currency,
            is_usable=is_active,
            raw_status="ACTIVE" if is_active else "INACTIVE",
            authorised_until=shop.credentials.refresh_expires_at,
        )

    def _credentials(self, app: PlatformApp, tokens: wire.Tokens, operation: str) -> Credentials:
        """Read a pair. Ends are moments by the server's clock, whatever their names say."""
        ahead = self._client.server_now(app) - self._clock()
        try:
            ends = [
                _moment(each, self._client.server_now(app)) - ahead
                for each in (tokens.access_token_expire_in, tokens.refresh_token_expire_in)
            ]
        except (ValueError, ArithmeticError, OSError):
            # The code or token is spent all the same.
            raise FateUnknown(platform=SLUG, operation=operation, reason="no_token_pair") from None
        if not tokens.access_token or not tokens.refresh_token:
            raise FateUnknown(platform=SLUG, operation=operation, reason="no_token_pair")
        return Credentials(tokens.access_token, tokens.refresh_token, ends[0], ends[1])


def _moment(seconds: int, now: datetime) -> datetime:
    """Read a moment in time; one that has passed is none, and far ones are real: consents may last for decades."""
    moment = datetime.fromtimestamp(seconds, UTC)
    if moment <= now:
        raise ValueError("over already")
    return min(moment, now + timedelta(days=36_500))


def _rejected(reason: str) -> RequestRejected:
    return RequestRejected(platform=SLUG, operation="get_token", reason=reason)
