"""A shop's holiday and the list of shops that authorised us, out of the reference's samples."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from domain.errors import UnexpectedResponse
from domain.platform import ActionResult, Authorisation, Holiday, Holidays, Outcome
from tests.unit.adapters.shopee_samples import APP, SHOP, StandIn, answer, at, error, wrapped


def holidays(*answers: Any) -> tuple[Holidays, StandIn]:
    shopee = StandIn(*answers)
    assert shopee.platform.holidays
    return shopee.platform.holidays, shopee


async def test_no_holiday_is_read() -> None:
    role, _ = holidays(answer("shop_get_shop_holiday_mode", "success"))
    assert await role.fetch_holiday(SHOP) == Holiday(is_on=False)


async def test_a_holiday_that_ends_by_itself_is_read() -> None:
    role, _ = holidays(wrapped({"holiday_mode_on": True, "holiday_mode_end_time": 1773305999}))
    assert await role.fetch_holiday(SHOP) == Holiday(is_on=True, ends_at=at(1773305999))


async def test_a_moment_that_is_none_is_told() -> None:
    role, _ = holidays(wrapped({"holiday_mode_on": True, "holiday_mode_end_time": 10**18}))
    with pytest.raises(UnexpectedResponse):
        await role.fetch_holiday(SHOP)


@pytest.mark.parametrize(
    ("is_on", "sent"),
    [(True, {"holiday_mode_on": True, "holiday_mode_type": 0}), (False, {"holiday_mode_on": False})],
)
async def test_the_whole_shop_is_switched(is_on: bool, sent: dict[str, object]) -> None:  # noqa: FBT001 - a parameter of the test
    role, shopee = holidays(answer("shop_set_shop_holiday_mode", "success"))
    assert await role.set_holiday(SHOP, is_on=is_on) == ActionResult(Outcome.OK)
    assert json.loads(shopee.requests[0].content) == sent


@pytest.mark.parametrize(
    ("told", "result"),
    [
        (error("10011", "Holiday mode cannot be set."), ActionResult(Outcome.REJECTED, "other")),
        (error("shop_banned", "Shop is banned."), ActionResult(Outcome.REJECTED, "shop_restricted")),
        (lambda _: httpx.Response(502, text="<html>"), ActionResult(Outcome.UNKNOWN)),
    ],
)
async def test_what_becomes_of_a_switch_is_told(
    told: Callable[[httpx.Request], httpx.Response], result: ActionResult
) -> None:
    role, _ = holidays(told)
    assert await role.set_holiday(SHOP, is_on=True) == result


async def test_shops_are_listed_with_their_ends_to_the_last_page() -> None:
    told = answer("public_get_shops_by_partner", "success").json()

    def pages(request: httpx.Request) -> httpx.Response:
        is_first = request.url.params["page_no"] == "1"
        shops = told["authed_shop_list"] if is_first else [{"shop_id": 600013, "expire_time": 0}]
        return httpx.Response(200, json=told | {"authed_shop_list": shops, "more": is_first})

    shopee = StandIn(pages)
    assert await shopee.platform.linking.fetch_authorisations(APP) == [
        Authorisation("600011", at(1794535999)),
        Authorisation("600012", at(1763604799)),
        Authorisation("600013", None),
    ]
    assert [request.url.params["page_no"] for request in shopee.requests] == ["1", "2"]
    assert "access_token" not in shopee.requests[0].url.params
