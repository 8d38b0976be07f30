"""Every error name of the reference means something definite; a name nobody knows is never guessed."""

from typing import Any

import httpx
import pytest

from adapters.shopee.errors import BY_NAME, BY_TEXT, PRICE_REFUSALS
from domain.errors import (
    HostMisconfigured,
    PlatformError,
    PlatformUnavailable,
    RateLimited,
    RequestRejected,
    TokenExpired,
    TokenRevoked,
    UnexpectedResponse,
)
from tests.unit.adapters.shopee_samples import APP, SHOP, StandIn, error, sample

MEANINGS: dict[str, type[PlatformError] | dict[str, type[PlatformError]]] = {
    "error_sign": HostMisconfigured,
    "invalid_acceess_token": TokenExpired,
    "error_auth": {
        "Invalid access_token.": TokenExpired,
        "Invalid partner_id or shopid.": TokenRevoked,
        "No permission to current api.": HostMisconfigured,
    },
    "partner_shop_no_link": TokenRevoked,
    "shop_no_linked": TokenRevoked,
    "shop_banned": RequestRejected,
    "invalid_partner_id": HostMisconfigured,
    "error_partner_key_expired": HostMisconfigured,
    "error_api_permission": HostMisconfigured,
    "error_api_call_restricted": HostMisconfigured,
    "source_ip_undeclared": HostMisconfigured,
    "error_param": {
        "There is no partner_id in query.": RequestRejected,
        "There is no sign in query.": RequestRejected,
        "There is no access_token in query.": RequestRejected,
        "There is no shop_id in query.": RequestRejected,
        "no timestamp.": PlatformUnavailable,
        "Timestamp is expired.": PlatformUnavailable,
        "Invalid timestamp": PlatformUnavailable,
        "Permission denied. This API is currently offline or the request path is incorrect.": HostMisconfigured,
    },
    "api_suspended": HostMisconfigured,
    "error_rate_limit": RateLimited,
    "error_limit": RateLimited,
    "error_server": PlatformUnavailable,
    "error_network": PlatformUnavailable,
    "error_system_busy": PlatformUnavailable,
    "error_inner": PlatformUnavailable,
    "error_kyc_auth": RequestRejected,
}
"""What section 5.3 of the reference asks us to do on each gateway error."""

GATEWAY = sample("common_errors")["errors"]


async def meaning_of(response: httpx.Response) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        await StandIn(response).platform.linking.fetch_shop(SHOP)
    return caught.value


@pytest.mark.parametrize("entry", GATEWAY, ids=lambda entry: entry["body"]["error"])
async def test_gateway_error_has_the_meaning_of_the_reference(entry: dict[str, Any]) -> None:
    expected = MEANINGS[entry["body"]["error"]]
    if isinstance(expected, dict):
        expected = expected[entry["body"]["message"]]
    found = await meaning_of(httpx.Response(entry["http_status"], json=entry["body"]))
    assert type(found) is expected
    assert found.request_id == entry["body"]["request_id"]
    assert found.reason == entry["body"]["error"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("product.error_param", RequestRejected),
        ("order. error_param", RequestRejected),
        ("\terror_server ", PlatformUnavailable),
        ("common.error_network", PlatformUnavailable),
        ("logistics.error_timeout", PlatformUnavailable),
        ("error.param", RequestRejected),
        ("invalid_access_token", TokenExpired),
        ("error_access_token", TokenExpired),
        ("invalid_main_acount_id", RequestRejected),
        ("invalid_main_account_id", RequestRejected),
        ("error_of_tomorrow", UnexpectedResponse),
        ("-", UnexpectedResponse),
    ],
)
async def test_names_are_told_whatever_surrounds_them(name: str, kind: type[PlatformError]) -> None:
    assert type(await meaning_of(error(name))) is kind


@pytest.mark.parametrize("name", ["shop_banned", "error_kyc_auth", "error_ashop_api_permission"])
async def test_trouble_of_the_whole_shop_has_its_own_sentence(name: str) -> None:
    assert (await meaning_of(error(name, status=403))).code == "shop_restricted"


@pytest.mark.parametrize("api", sample("catalog").items(), ids=lambda api: api[0])
def test_every_name_of_our_calls_is_in_a_table(api: tuple[str, dict[str, Any]]) -> None:
    known = BY_NAME.keys() | PRICE_REFUSALS.keys() | {name for name, _, _ in BY_TEXT}
    missing = {
        name for name in api[1]["error_names"] if name.rpartition(".")[2] not in known and name not in known
    }
    assert missing == set()


async def test_text_with_another_meaning_on_refresh() -> None:
    text = "Your refresh token or shop_id is wrong, please check refresh token or shop_id."
    with pytest.raises(TokenRevoked):
        await StandIn(error("error_param", text)).platform.linking.refresh(APP, "600011", "r")
