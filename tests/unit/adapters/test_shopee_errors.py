"""Every error name of the reference means something definite; a name nobody knows is never guessed."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.kit.refusals import Family
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

SENTENCES = Path(__file__).parents[3] / "bot" / "templates" / "errors"

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


NAMES = sorted({name for api in sample("catalog")["apis"].values() for name in api["error_names"]})


async def test_every_name_of_the_reference_has_a_class_and_a_sentence() -> None:
    assert len(NAMES) == 518
    unknown, untold = [], []
    for name in NAMES:
        meant = await meaning_of(error(name))
        if type(meant) is UnexpectedResponse:
            unknown.append(name)
        if not (SENTENCES / f"{meant.code}.html.j2").exists():
            untold.append((name, meant.code))
    assert (unknown, untold) == ([], [])


LATER = [
    "error_server",
    "error_network",
    "error_system_busy",
    "error_inner",
    "error_data",
    "logistics.error_timeout",
    "logistics.error_too_many_invoke_function",
]
GROUPS = {
    Family.PROMOTION: """
        error_cannt_edit_stock_in_promotion error_promotion_cantnot_update_stock
        error_model_update_stock_model_in_promotion error_cannt_edit_price_in_promotion
        error_in_item_promotion_item_price_lock error_cannot_update_price_in_promotion
        error_cannt_unlisted_in_promotion error_unlist_in_promotion error_cannt_delete_in_promotion
    """,
    Family.HOLIDAY: "error_holiday_mode_change_stock",
    Family.MISSING: """
        error_edit_item_stock_for_item_has_model error_edit_item_price_for_item_has_model error_item_not_found
        error_item_not_belong_shop order_not_found income_not_found
    """,
    Family.STATE: """
        error_item_uneditable error_busi_cannot_delist_reviewing_or_banned_item error_archived_order_update
        logistics.ship_order_not_ready_to_ship logistics.ship_order_pickup_time_invalid error_validation
        order.error_limit order.cancel_order_invalid_status
    """,
    Family.RIGHTS: "error_seller_under_penalty order_shopid_invalid",
    Family.LIMIT: """
        error_price_exceed_min_limitt error_price_exceed_max_limitt error_price_out_of_range
        order.order_list_invalid_time
    """,
    Family.INPUT: """
        error_invalid_price error_busi_price_lower_then_wholesale_price error_data_check
        logistics.ship_order_need_address_pickup_time logistics.ship_order_need_branch_id
        logistics.lack_of_invoice_data
    """,
    Family.ELSEWHERE: "error_wms_shop_block_upate_stock error_busi_cannot_edit_vsku",
    Family.PLACE: "logistics.ship_order_unsupport_pickup logistics.ship_order_unsupport_non_integrated",
}
"""What sections 5 and 8 to 12 of the reference say of names, in its own groups."""


@pytest.mark.parametrize(("family", "names"), GROUPS.items())
async def test_groups_of_the_reference_are_told_alike(family: Family, names: str) -> None:
    for name in names.split():
        meant = await meaning_of(error(name))
        assert (type(meant), meant.code) == (RequestRejected, family), name


@pytest.mark.parametrize("name", LATER)
async def test_what_is_only_late_is_tried_again(name: str) -> None:
    assert type(await meaning_of(error(name))) is PlatformUnavailable


def test_every_family_has_a_sentence() -> None:
    assert [family for family in Family if not (SENTENCES / f"{family}.html.j2").exists()] == []


async def test_text_with_another_meaning_on_refresh() -> None:
    text = "Your refresh token or shop_id is wrong, please check refresh token or shop_id."
    with pytest.raises(TokenRevoked):
        await StandIn(error("error_param", text)).platform.linking.refresh(APP, "600011", "r")
