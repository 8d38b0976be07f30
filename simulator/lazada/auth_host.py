"""The host of tokens: two signed calls without a seller's token, answered flat."""

from collections.abc import Sequence

from starlette.requests import Request

from simulator.lazada import errors
from simulator.lazada.accounts import short_code
from simulator.lazada.calls.endpoint import Json
from simulator.lazada.errors import ApiError
from simulator.lazada.gateway import Gateway
from simulator.lazada.tokens import Pair
from simulator.stand_in.journal import CallRecord


class AuthHost(Gateway):
    """Answers as the gateway does, faults included; what it lets pass is another matter."""

    async def _pass(
        self, request: Request, params: Sequence[tuple[str, str]], _record: CallRecord, /
    ) -> Json:
        self._check_signature(request, params)
        asked, tokens = dict(params), self._sim.tokens
        if request.url.path.endswith("/create"):
            if not asked.get("code"):
                raise errors.missing("code")
            return self._told(tokens.exchange(asked["code"]), "country_user_info")
        if not asked.get("refresh_token"):
            raise errors.missing("refresh_token")
        if self._sim.app.is_subscribed:
            raise ApiError("AUTH_TYPE_UNSUPPORTED", "The token is bound to a subscription", kind="ISV")
        return self._told(tokens.refresh(asked["refresh_token"]), "country_user_info_list")

    def _told(self, pair: Pair, shops_name: str) -> Json:
        account, now = pair.grant.account, self._sim.clock.now()
        regions = {shop: self._sim.world.shops[shop].market.region for shop in account.shops}
        return {
            "access_token": pair.access_token,
            "refresh_token": pair.grant.refresh_token,
            "expires_in": int((pair.access_until - now).total_seconds()),
            "refresh_expires_in": int((pair.grant.until - now).total_seconds()),
            "country": account.country,
            "account": account.email,
            "account_id": None,
            "account_platform": "seller_center",
            shops_name: [
                {
                    "country": region.lower(),
                    "user_id": str(100_152_000_000 + shop),
                    "seller_id": str(shop),
                    "short_code": short_code(shop, region),
                }
                for shop, region in regions.items()
            ],
        }
