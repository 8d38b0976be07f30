"""Trouble on order: each fault looks as it should, ends when it should, and takes effect or does not."""

import asyncio
from time import perf_counter

import httpx
import pytest

from tests.simulator.shopee.shelf import look_at_shelf
from tests.simulator.shopee.wire import HOME, Json, Wire

INFO = "shop/get_shop_info"


async def _fault(wire: Wire, kind: str, **fields: object) -> None:
    await wire.control("faults", {"kind": kind, **fields})


async def _is_fine(wire: Wire) -> bool:
    answer = await wire.get(INFO, shop=HOME)
    return answer.status_code == 200 and answer.json()["error"] == ""


@pytest.mark.parametrize(("kind", "status"), [("server_error", 500), ("html", 200), ("broken_json", 200)])
async def test_answer_is_no_json(linked: Wire, kind: str, status: int) -> None:
    await _fault(linked, kind)
    answer = await linked.get(INFO, shop=HOME)
    assert answer.status_code == status
    with pytest.raises(ValueError):  # noqa: PT011 - any complaint of the parser will do
        answer.json()
    assert await _is_fine(linked)


async def test_status_of_a_server_error_can_be_chosen(linked: Wire) -> None:
    await _fault(linked, "server_error", status=503)
    assert (await linked.get(INFO, shop=HOME)).status_code == 503


async def test_any_error_of_the_platform_can_be_played(linked: Wire) -> None:
    await _fault(
        linked, "error", error="error_server", message="Something wrong. Please try later.", status=503
    )
    answer = await linked.get(INFO, shop=HOME)
    assert (answer.status_code, answer.json()["error"]) == (503, "error_server")


async def test_fault_hits_so_many_calls_and_no_more(linked: Wire) -> None:
    await _fault(linked, "rate_limit", count=2)
    assert [(await linked.get(INFO, shop=HOME)).status_code for _ in range(3)] == [429, 429, 200]


async def test_fault_hits_its_path_only(linked: Wire) -> None:
    await _fault(linked, "rate_limit", path="/api/v2/order/*")
    assert await _is_fine(linked)
    query: Json = {"order_sn_list": "1"}
    assert (await linked.get("order/get_order_detail", query, shop=HOME)).status_code == 429


async def test_probable_fault_hits_some_calls_until_cleared(linked: Wire) -> None:
    await _fault(linked, "rate_limit", probability=0.5)
    statuses = {(await linked.get(INFO, shop=HOME)).status_code for _ in range(40)}
    assert statuses == {200, 429}
    await linked.control("faults/clear")
    assert {(await linked.get(INFO, shop=HOME)).status_code for _ in range(10)} == {200}


async def test_latency_delays_a_right_answer(linked: Wire) -> None:
    await _fault(linked, "latency", seconds=0.15)
    started = perf_counter()
    assert await _is_fine(linked)
    assert perf_counter() - started >= 0.15


async def _write_price(wire: Wire, price: int, *, patience: float = 10) -> httpx.Response:
    shelf = await look_at_shelf(wire)
    body = {"item_id": shelf.single, "price_list": [{"original_price": price}]}
    path = "product/update_price"
    params = wire.common(path, shop=HOME)
    return await wire.http.post(f"/api/v2/{path}", params=params, json=body, timeout=patience)


async def _price(wire: Wire) -> str:
    price: str = (await look_at_shelf(wire)).single_model["price"]
    return price


@pytest.mark.parametrize(("kind", "is_done"), [("timeout_before", False), ("timeout_after", True)])
async def test_call_that_times_out_takes_effect_or_not(linked: Wire, kind: str, *, is_done: bool) -> None:
    before = await _price(linked)
    await _fault(linked, kind, path="*update_price")
    with pytest.raises(httpx.ReadTimeout):
        await _write_price(linked, 33300, patience=0.3)
    assert await _price(linked) == ("33300" if is_done else before)


async def test_hanging_call_ends_with_a_cut_line(linked: Wire) -> None:
    await _fault(linked, "timeout_before", seconds=0.1)
    with pytest.raises(httpx.RemoteProtocolError):
        await linked.get(INFO, shop=HOME)
    assert await _is_fine(linked)


@pytest.mark.parametrize("kind", ["server_error", "html", "broken_json"])
async def test_bad_answer_may_come_after_the_effect(linked: Wire, kind: str) -> None:
    await _fault(linked, kind, path="*update_price", after_effect=True)
    await _write_price(linked, 33300)
    assert await _price(linked) == "33300"


async def test_hanging_call_does_not_hold_up_others(linked: Wire) -> None:
    await _fault(linked, "timeout_before", path="*get_profile", seconds=5)
    hanging = asyncio.create_task(linked.get("shop/get_profile", shop=HOME))
    assert await _is_fine(linked)
    assert not hanging.done()
    hanging.cancel()


async def test_unknown_fault_is_told(wire: Wire) -> None:
    answer = await wire.http.post("/control/faults", json={"kind": "gremlins"})
    assert answer.status_code == 400
    assert "gremlins" in answer.json()["error"]


async def test_journal_names_the_fault(linked: Wire) -> None:
    await _fault(linked, "html")
    await linked.get(INFO, shop=HOME)
    call = (await linked.http.get("/control/calls")).json()["calls"][-1]
    assert (call["path"], call["fault"], call["http_status"]) == (f"/api/v2/{INFO}", "html", 200)
