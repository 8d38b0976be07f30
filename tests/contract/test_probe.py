"""`probe` against the simulator over HTTP: nothing differs, and what is planted is told without any value."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from typing import Any

import httpx
import pytest

from adapters.registry import build_platforms
from domain.clock import utc_now
from domain.meters import Meters
from domain.platform.probing import Asked, Difference, Kind, ProbedCall
from services.probing import verdict
from tests.contract.shopee_case import ShopeeCase, shopee_case

Plant = Callable[[dict[str, Any]], None]


class Planting(httpx.AsyncBaseTransport):
    """Passes answers on, with a difference planted in one call's."""

    def __init__(self, inner: httpx.AsyncBaseTransport, call: str, plant: Plant) -> None:
        self._inner = inner
        self._call = call
        self._plant = plant

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        if not request.url.path.endswith(self._call):
            return response
        answer = json.loads(await response.aread())
        self._plant(answer)
        return httpx.Response(200, json=answer)


@pytest.fixture
async def shopee() -> AsyncIterator[ShopeeCase]:
    async with shopee_case() as running:
        variants = [each for each in await running.variants() if each.is_listed and each.available > 3]
        for courier in ("J&T Express", "SPX Standard"):
            await running.buy(variants[0], courier=courier)
        yield running


async def probed(shopee: ShopeeCase, call: str = "-", plant: Plant = lambda _: None) -> dict[str, ProbedCall]:
    platform = build_platforms(Planting(shopee.transport, call, plant), utc_now)["shopee"]
    assert platform.probing
    return {each.operation: each for each in await platform.probing.probe(shopee.shop)}


async def test_the_simulator_answers_as_documented(shopee: ShopeeCase) -> None:
    calls = await probed(shopee)
    assert len(calls) >= 15
    assert {name: each.differences for name, each in calls.items() if each.differences} == {}
    left = {
        name: (each.asked, each.reason) for name, each in calls.items() if each.asked is not Asked.ANSWERED
    }
    assert left == {}
    assert verdict(list(calls.values())) == 0


def _item(answer: dict[str, Any]) -> dict[str, Any]:
    item: dict[str, Any] = answer["response"]["item_list"][0]
    return item


def _order(answer: dict[str, Any]) -> dict[str, Any]:
    order: dict[str, Any] = answer["response"]["order_list"][0]
    return order


ITEM, ORDER = "response.item_list[]", "response.order_list[]"


@pytest.mark.parametrize(
    ("call", "plant", "found"),
    [
        (
            "get_item_base_info",
            lambda answer: _item(answer).update(shelf="Siti Rahma 0812"),
            Difference(Kind.NEW_FIELD, f"{ITEM}.shelf", "string"),
        ),
        (
            "get_item_base_info",
            lambda answer: _item(answer).update(weight=1.5),
            Difference(Kind.OTHER_TYPE, f"{ITEM}.weight", "number", "string"),
        ),
        (
            "get_item_base_info",
            lambda answer: _item(answer).update(item_status="SLEEPING"),
            Difference(Kind.NEW_WORD, f"{ITEM}.item_status", "SLEEPING"),
        ),
        (
            "get_item_base_info",
            lambda answer: _item(answer).pop("item_name"),
            Difference(Kind.GONE, f"{ITEM}.item_name"),
        ),
        (
            "get_order_detail",
            lambda answer: _order(answer).update({"6281234567890": "Siti Rahma"}),
            Difference(Kind.NEW_FIELD, f"{ORDER}.<not shown>", "string"),
        ),
        (
            "get_order_detail",
            lambda answer: _order(answer).update(order_status="0812 Siti"),
            Difference(Kind.NEW_WORD, f"{ORDER}.order_status", "<not shown>"),
        ),
        (
            "get_order_detail",
            lambda answer: _order(answer).update(item_list={"Siti Rahma": 1}),
            Difference(Kind.OTHER_TYPE, f"{ORDER}.item_list", "object", "list"),
        ),
    ],
)
async def test_what_is_planted_is_told(
    shopee: ShopeeCase, call: str, plant: Plant, found: Difference
) -> None:
    calls = await probed(shopee, call, plant)
    assert {name: each.differences for name, each in calls.items() if each.differences} == {call: (found,)}
    assert verdict(list(calls.values())) == 1
    told = json.dumps([asdict(each) for each in calls.values()])
    assert not any(secret in told for secret in ("Siti", "0812", "628123", shopee.shop.external_id))


async def test_what_is_refused_is_told_and_the_rest_is_asked(shopee: ShopeeCase) -> None:
    refusal = {"error": "error_api_permission", "message": "This app type has no permission to this API."}
    calls = await probed(shopee, "get_item_list", lambda answer: answer.update(refusal))
    assert (calls["get_item_list"].asked, calls["get_item_list"].reason) == (
        Asked.REFUSED,
        "error_api_permission",
    )
    assert calls["get_item_base_info"].asked is Asked.NOT_ASKED
    assert calls["get_order_list"].asked is Asked.ANSWERED
    assert verdict(list(calls.values())) == 2


async def test_what_is_new_is_counted_on_the_way(shopee: ShopeeCase) -> None:
    """Also outside of a probe, on one answer in many."""
    meters = Meters()
    plant = Planting(shopee.transport, "get_item_base_info", lambda answer: _item(answer).update(shelf="A1"))
    platform = build_platforms(plant, utc_now, meters)["shopee"]
    ids = [each.listing for each in await shopee.variants() if each.is_listed][:3]
    for _ in range(3):
        assert await platform.catalogue.fetch_listings(shopee.shop, ids)
    assert meters.take_odd() == {("shopee", "field", "get_item_base_info response.item_list[].shelf"): 1}
