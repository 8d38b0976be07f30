"""The host of tokens: two unsigned reads, with the app's secret in the address."""

from starlette.requests import Request

from simulator.stand_in.journal import CallRecord
from simulator.tiktok_shop import errors
from simulator.tiktok_shop.calls.endpoint import Json
from simulator.tiktok_shop.errors import ApiError
from simulator.tiktok_shop.gateway import Gateway
from simulator.tiktok_shop.simulation import Simulation
from simulator.tiktok_shop.tokens import Pair


class AuthHost(Gateway):
    """Answers as the gateway does, faults included; what it lets pass is another matter."""

    def __init__(self, simulation: Simulation) -> None:
        super().__init__(simulation)
        self._simulation = simulation

    async def _pass(self, request: Request, _raw: bytes, _record: CallRecord, /) -> Json | None:
        query, app = request.query_params, self._simulation.app
        if query.get("app_key") != app.key:
            raise errors.invalid_app_key()
        if query.get("app_secret") != app.secret:
            raise ApiError(36004005, "invalid app secret")
        grant_type = query.get("grant_type")
        if request.url.path.endswith("/get"):
            if grant_type != "authorized_code":  # so spelled
                raise errors.invalid("query.grant_type")
            return self._told(self._simulation.tokens.exchange(query.get("auth_code", "")))
        if grant_type != "refresh_token":
            raise errors.invalid("query.grant_type")
        return self._told(self._simulation.tokens.refresh(query.get("refresh_token", "")))

    def _told(self, pair: Pair) -> Json:
        account = pair.grant.account
        return {
            "access_token": pair.access_token,
            "access_token_expire_in": int(pair.access_until.timestamp()),
            "refresh_token": pair.refresh_token,
            "refresh_token_expire_in": int(pair.grant.until.timestamp()),
            "open_id": account.open_id,
            "seller_name": account.title,
            "seller_base_region": account.region,
            "user_type": account.user_type,
            "granted_scopes": list(pair.grant.scopes),
        }
