"""A double-day played in the simulator: its shape, its kinds of orders, and the same again from the same seed."""

from collections import Counter

import httpx
import pytest

from simulator.serve import serving
from simulator.shopee.simulator import ShopeeSimulator
from simulator.world.clock import Clock
from simulator.world.double_day_plan import draw_plan, hour_of
from tests.simulator.shopee.conftest import NOON
from tests.simulator.shopee.parcels import CREATE, DOWNLOAD, THERMAL, package_of
from tests.simulator.shopee.wire import HOME, Json, Wire

DAY = {"orders": 200, "seed": 5, "lasts_s": 600}


async def _look(wire: Wire) -> Json:
    day: Json = (await wire.http.get("/control/double-day")).json()
    return day


async def _play_all(wire: Wire, steps: int = 24) -> None:
    for _ in range(steps):
        await wire.move_clock(DAY["lasts_s"] / 24)


def test_orders_come_as_on_a_real_double_day() -> None:
    """1.04 hours after midnight 37.3 %, after 14.36 hours 74.5 %, after 16.52 hours 79.5 % (Tmall, 11.11.2019)."""
    hours = [purchase.hour for purchase in draw_plan(3, 4000).purchases if purchase.way != "instant"]
    for hour, share in ((1.067, 0.373), (14.36, 0.745), (16.52, 0.795), (24.0, 1.0)):
        assert sum(each <= hour for each in hours) / len(hours) == pytest.approx(share, abs=0.01)
    assert hour_of(0.0) == 0.0
    assert hour_of(1.0) == 24.0


def test_eight_hundred_orders_are_of_every_kind() -> None:
    assert draw_plan(11, 800).counts() == {
        "orders": 800,
        "cod": 96,
        "plain": 660,
        "held": 40,
        "paid_later": 48,
        "several_parcels": 24,
        "cut_later": 16,
        "instant": 12,
        "goes_out": 760,
        "cancelled": 25,
        "cancelled_after_print": 15,
    }


def test_more_cancellations_than_orders_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be cancelled"):
        draw_plan(1, 10, cancelled=50)


async def test_day_is_played_as_the_clock_moves(linked: Wire) -> None:
    begun = await linked.control("double-day", DAY)
    assert begun["ends_at"] - begun["begins_at"] == 600
    assert begun["cut_offs"]["J&T Express"] == begun["begins_at"] + 600 * 15 / 24
    await linked.move_clock(600 / 24)
    first_hour = (await _look(linked))["played"]["placed"]
    assert 0.33 * 200 <= first_hour <= 0.38 * 200
    await _play_all(linked)
    day = await _look(linked)
    played, planned = day["played"], day["planned"]
    assert played["placed"] + played.get("found_nothing", 0) == 200
    assert played["placed"] >= 190
    assert played["cancelled_before_print"] == planned["cancelled"]
    assert day["waiting_for_print"] == planned["cancelled_after_print"]
    assert not day["over"]
    orders = {order["order_sn"]: order for order in (await linked.world())["orders"]}
    by_way: dict[str, list[Json]] = {}
    for purchase in day["purchases"]:
        by_way.setdefault(purchase["way"], []).append(orders[purchase["order_sn"]])
    assert {len(order["parcels"]) for order in by_way["several_parcels"] + by_way["cut_later"]} == {2}
    assert {order["parcels"][0]["courier"] for order in by_way["instant"]} == {"GoSend Instant"}
    assert all([s for _, s in order["history"]][:2] == ["UNPAID", "PENDING"] for order in by_way["held"])
    ends = Counter(orders[purchase["order_sn"]]["status"] for purchase in day["purchases"])
    assert ends == {
        "READY_TO_SHIP": played["placed"] - planned["cancelled"],
        "CANCELLED": planned["cancelled"],
    }


async def test_buyer_cancels_after_the_label_was_printed(linked: Wire) -> None:
    await linked.control("double-day", {**DAY, "orders": 20, "cancelled": 1, "after_print": 1})
    await _play_all(linked)
    day = await _look(linked)
    fickle = next(p["order_sn"] for p in day["purchases"] if p["ending"] == "cancelled_after_print")
    await linked.control(f"orders/{fickle}/arrange")
    row = {"order_sn": fickle, "package_number": await package_of(linked, fickle)}
    number = (await linked.shop_get("logistics/get_tracking_number", row))["response"]["tracking_number"]
    label = {**row, "tracking_number": number, "shipping_document_type": THERMAL}
    await linked.shop_post(CREATE, {"order_list": [label]})
    body = {"shipping_document_type": THERMAL, "order_list": [row]}
    assert (await linked.post(DOWNLOAD, body, shop=HOME)).content.startswith(b"%PDF")
    await _play_all(linked, 1)
    await _play_all(linked, 1)
    order = next(order for order in (await linked.world())["orders"] if order["order_sn"] == fickle)
    assert order["status"] == "CANCELLED"
    assert order["parcels"][0]["prints"] == 1
    day = await _look(linked)
    assert day["over"]
    assert day["played"]["cancelled_after_print"] == 1


async def test_campaign_holds_price_and_stock_until_the_day_is_over(linked: Wire) -> None:
    begun = await linked.control("double-day", DAY)
    campaign = next(
        p for p in (await linked.world())["promotions"] if p["promotion_id"] == begun["campaign_id"]
    )
    assert campaign["ongoing"]
    assert campaign["locks_price"]
    assert campaign["locks_stock"]
    assert len(campaign["models"]) == 8
    assert all(model["reserved"] >= 10 for model in campaign["models"])
    assert campaign["end_time"] == begun["ends_at"]


async def test_second_day_waits_for_the_first(linked: Wire) -> None:
    await linked.control("double-day", DAY)
    answer = await linked.http.post("/control/double-day", json=DAY)
    assert answer.status_code == 400
    assert (await linked.http.get("/control/double-day", params={"shop_id": 600021})).status_code == 404


async def test_same_seed_plays_the_same_day() -> None:
    days = []
    for _ in range(2):
        simulator = ShopeeSimulator(seed=7, clock=Clock(frozen_at=NOON), orders=10)
        async with serving(simulator.app) as url, httpx.AsyncClient(base_url=url, trust_env=False) as http:
            wire = Wire(http, int(NOON.timestamp()))
            await wire.control("double-day", DAY)
            await _play_all(wire)
            days.append((await wire.world())["orders"])
    assert days[0] == days[1]
