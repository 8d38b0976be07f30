"""The simulator as a process of its own, and what it is when it begins anew from the same seed."""

import asyncio
import json
import re
import sys

import httpx
import pytest

from simulator.tiktok_shop.simulator import TiktokShopSimulator
from tests.simulator.tiktok_shop.wire import HOME, Wire


async def test_it_says_where_it_is_in_one_line() -> None:
    command = [sys.executable, "-m", "simulator.tiktok_shop", "--port", "0", "--orders", "20"]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout
        ready = json.loads(await asyncio.wait_for(process.stdout.readline(), 60))
        assert ready["kind"] == "tiktok_shop"
        assert HOME in ready["shop_ids"]
        async with httpx.AsyncClient(trust_env=False) as http:
            page = await http.get(ready["auth_url"], params={"service_id": ready["service_id"]})
            assert page.status_code == 200
            assert (await http.get(f"{ready['control_url']}/world")).status_code == 200
            assert (await http.get(ready["buyer_url"])).status_code == 200
    finally:
        process.terminate()
        await process.wait()


async def test_a_person_may_buy_by_clicking(linked: Wire) -> None:
    shelf = await linked.http.get("/", follow_redirects=True)
    assert "Simulator, not TikTok Shop" in shelf.text
    offered = re.findall(
        r'name="item_id" value="(\d+)">\s*<input type="hidden" name="model_id" value="(\d+)">', shelf.text
    )
    form = {"shop_id": HOME, "item_id": offered[0][0], "model_id": offered[0][1], "quantity": "2"}
    thanks = await linked.http.post("/buyer/orders", data=form, follow_redirects=True)
    (number,) = re.findall(r"Order <strong>(\d{18})</strong>", thanks.text)
    order = await linked.order(number)
    assert (order["status"], len(order["line_items"])) == ("AWAITING_SHIPMENT", 2)
    for wrong in ({"quantity": "1000000"}, {"item_id": "1"}, {"quantity": "x"}):
        refused = await linked.http.post("/buyer/orders", data=form | wrong, follow_redirects=True)
        assert 'role="alert"' in refused.text
    assert (await linked.http.get("/buyer", params={"shop_id": "1"})).status_code == 404
    assert (await linked.http.get("/buyer/orders/1")).status_code == 404


def test_same_seed_same_world() -> None:
    first, second = (TiktokShopSimulator(seed=3, orders=20).world for _ in range(2))
    for shop_id, shop in first.shops.items():
        assert list(second.shops[shop_id].orders) == list(shop.orders)
        assert list(second.shops[shop_id].listings) == list(shop.listings)


async def test_a_double_day_is_played(linked: Wire) -> None:
    await linked.control("double-day", {"orders": 30, "lasts_s": 60, "campaign": True})
    await linked.move_clock(120)
    day = (await linked.http.get("/control/double-day")).json()
    assert day["played"]["placed"] > 20
    assert (await linked.http.get("/control/double-day", params={"shop_id": "1"})).status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("orders/1/pay", {}, 404),
        ("stock", {"sku": "no such"}, 404),
        ("faults", {"kind": "rain"}, 400),
        ("tokens/expire", {"what": "all"}, 400),
        ("authorise", {"account": "nobody"}, 400),
    ],
)
async def test_controls_refuse_what_makes_no_sense(
    linked: Wire, path: str, body: dict[str, str], status: int
) -> None:
    answer = await linked.http.post(f"/control/{path}", json=body)
    assert answer.status_code == status
    assert answer.json()["error"]
