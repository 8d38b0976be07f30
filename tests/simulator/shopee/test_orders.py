"""The order list by window and cursor, what it shows of each status, and how late it may be."""

from tests.simulator.shopee.shelf import look_at_shelf
from tests.simulator.shopee.wire import SISTER, Json, Wire

DAY = 86_400


async def _list(wire: Wire, **changes: object) -> Json:
    params: Json = {
        "time_range_field": "create_time",
        "time_from": wire.now - 15 * DAY,
        "time_to": wire.now,
        "page_size": 100,
        "response_optional_fields": "order_status",
        **changes,
    }
    response: Json = (await wire.shop_get("order/get_order_list", params))["response"]
    return response


async def _walk(wire: Wire, **changes: object) -> list[list[str]]:
    pages, cursor = [], ""
    while True:
        page = await _list(wire, cursor=cursor, **changes)
        pages.append([row["order_sn"] for row in page["order_list"]])
        cursor = page["next_cursor"]
        if not page["more"]:
            assert cursor == ""
            return pages


async def _buy(wire: Wire, **how: object) -> str:
    shelf = await look_at_shelf(wire)
    line = {"item_id": shelf.item, "model_id": shelf.first}
    order_sn: str = (await wire.control("orders", {"lines": [line], **how}))["order_sn"]
    return order_sn


async def _status(wire: Wire, order_sn: str, **params: object) -> str:
    query: Json = {"order_sn_list": order_sn, **params}
    answer = await wire.shop_get("order/get_order_detail", query)
    status: str = answer["response"]["order_list"][0]["order_status"]
    return status


async def test_pages_hold_each_order_of_the_window_once_newest_first(linked: Wire) -> None:
    pages = await _walk(linked, page_size=7)
    seen = [order_sn for page in pages for order_sn in page]
    truth = {
        order["order_sn"]: order["create_time"]
        for order in (await linked.world())["orders"]
        if linked.now - 15 * DAY <= order["create_time"] <= linked.now
    }
    assert len(seen) == len(set(seen))
    assert set(seen) == set(truth)
    assert [truth[sn] for sn in seen] == sorted(truth.values(), reverse=True)
    assert all(len(page) == 7 for page in pages[:-1])


async def test_order_placed_between_two_pages_shifts_nothing(linked: Wire) -> None:
    first = await _list(linked, page_size=5)
    await linked.move_clock(1)
    await _buy(linked)
    second = await _list(linked, page_size=5, cursor=first["next_cursor"])
    assert not {r["order_sn"] for r in first["order_list"]} & {r["order_sn"] for r in second["order_list"]}


async def test_window_edges_belong_to_the_window(linked: Wire) -> None:
    order_sn = await _buy(linked)
    for window in ((linked.now, linked.now + 60), (linked.now - 60, linked.now)):
        page = await _list(linked, time_from=window[0], time_to=window[1])
        assert order_sn in [row["order_sn"] for row in page["order_list"]]


async def test_filter_by_status_shows_that_status_only(linked: Wire) -> None:
    page = await _list(linked, order_status="COMPLETED")
    assert {row["order_status"] for row in page["order_list"]} == {"COMPLETED"}


async def test_list_without_optional_fields_shows_numbers_only(linked: Wire) -> None:
    page = await _list(linked, response_optional_fields="")
    assert all(set(row) == {"order_sn"} for row in page["order_list"])


async def test_update_window_follows_the_last_change(linked: Wire) -> None:
    order_sn = await _buy(linked)
    await linked.move_clock(3600)
    await linked.control(f"orders/{order_sn}/ship")
    window = {"time_range_field": "update_time", "time_from": linked.now - 60, "time_to": linked.now}
    assert {"order_sn": order_sn, "order_status": "SHIPPED"} in (await _list(linked, **window))["order_list"]
    window["time_range_field"] = "create_time"
    assert order_sn not in str(await _list(linked, **window))


async def test_late_index_hides_an_order_until_the_lag_is_over(linked: Wire) -> None:
    await linked.control("visibility_lag", {"seconds": 90})
    order_sn = await _buy(linked)
    placed_at = linked.now
    assert order_sn not in str(await _list(linked))
    assert await _status(linked, order_sn) == "READY_TO_SHIP"
    await linked.move_clock(90)
    page = await _list(linked, time_from=placed_at, time_to=placed_at + 1)
    assert order_sn in str(page)


async def test_late_index_shows_the_state_of_before(linked: Wire) -> None:
    order_sn = await _buy(linked)
    await linked.move_clock(600)
    await linked.control("visibility_lag", {"seconds": 90})
    await linked.control(f"orders/{order_sn}/ship")
    rows = {row["order_sn"]: row["order_status"] for row in (await _list(linked))["order_list"]}
    assert rows[order_sn] == "READY_TO_SHIP"


async def test_held_order_is_pending_only_for_who_asks(linked: Wire) -> None:
    order_sn = await _buy(linked, hold=True)
    assert await _status(linked, order_sn) == "READY_TO_SHIP"
    query: Json = {"order_sn_list": order_sn, "request_order_status_pending": "true"}
    order = (await linked.shop_get("order/get_order_detail", query))["response"]["order_list"][0]
    assert order["order_status"] == "PENDING"
    assert order["pending_terms"] == ["SYSTEM_PENDING"]
    await linked.control(f"orders/{order_sn}/release")
    assert await _status(linked, order_sn, request_order_status_pending="true") == "READY_TO_SHIP"


async def test_total_is_goods_plus_shipping_in_major_units(linked: Wire) -> None:
    shelf = await look_at_shelf(linked)
    line = {"item_id": shelf.item, "model_id": shelf.first, "quantity": 3}
    order_sn = (await linked.control("orders", {"lines": [line]}))["order_sn"]
    fields = "item_list,total_amount,estimated_shipping_fee"
    query: Json = {"order_sn_list": order_sn, "response_optional_fields": fields}
    order = (await linked.shop_get("order/get_order_detail", query))["response"]["order_list"][0]
    bought = order["item_list"][0]
    assert bought["model_quantity_purchased"] == 3
    assert bought["model_discounted_price"] == int(shelf.models[0]["price"])
    assert order["total_amount"] == 3 * int(shelf.models[0]["price"]) + order["estimated_shipping_fee"]


async def test_known_orders_come_with_a_warning_about_unknown_ones(linked: Wire) -> None:
    order_sn = await _buy(linked)
    query: Json = {"order_sn_list": f"{order_sn},261122NOSUCHXX"}
    answer = await linked.shop_get("order/get_order_detail", query)
    assert [order["order_sn"] for order in answer["response"]["order_list"]] == [order_sn]
    assert "261122NOSUCHXX" in answer["warning"][0]


async def test_order_numbers_start_with_the_shops_day(linked: Wire) -> None:
    await linked.move_clock(13 * 3600)  # 01:00 of the 23rd in Jakarta, still the 22nd in UTC
    order_sn = await _buy(linked)
    assert order_sn.startswith("261123")
    assert len(order_sn) == 14


async def test_order_walks_from_checkout_to_completion(linked: Wire) -> None:
    order_sn = await _buy(linked, pay=False)
    seen = [await _status(linked, order_sn)]
    for action in ("pay", "arrange", "pickup", "deliver", "complete"):
        await linked.control(f"orders/{order_sn}/{action}")
        seen.append(await _status(linked, order_sn))
    assert seen == ["UNPAID", "READY_TO_SHIP", "PROCESSED", "SHIPPED", "TO_CONFIRM_RECEIVE", "COMPLETED"]


async def test_buyers_wish_to_cancel_waits_for_an_answer(linked: Wire) -> None:
    order_sn = await _buy(linked)
    await linked.control(f"orders/{order_sn}/ask_cancel", {"reason": "Wrong colour"})
    assert await _status(linked, order_sn) == "IN_CANCEL"
    await linked.control(f"orders/{order_sn}/refuse_cancel")
    assert await _status(linked, order_sn) == "READY_TO_SHIP"
    await linked.control(f"orders/{order_sn}/cancel", {"by": "seller", "reason": "OUT_OF_STOCK"})
    query: Json = {"order_sn_list": order_sn, "response_optional_fields": "cancel_by,cancel_reason"}
    order = (await linked.shop_get("order/get_order_detail", query))["response"]["order_list"][0]
    assert (order["order_status"], order["cancel_by"], order["cancel_reason"]) == (
        "CANCELLED",
        "seller",
        "OUT_OF_STOCK",
    )


async def test_order_cannot_skip_back(linked: Wire) -> None:
    order_sn = await _buy(linked)
    await linked.control(f"orders/{order_sn}/ship")
    for action in ("pay", "ship", "refuse_cancel", "release"):
        answer = await linked.http.post(f"/control/orders/{order_sn}/{action}", json={})
        assert answer.status_code == 409, action
    assert await _status(linked, order_sn) == "SHIPPED"


async def test_two_shops_do_not_see_each_other(linked: Wire) -> None:
    await linked.link(SISTER)
    home = {row["order_sn"] for row in (await _list(linked))["order_list"]}
    query: Json = {
        "time_range_field": "create_time",
        "time_from": linked.now - 15 * DAY,
        "time_to": linked.now,
    }
    sister = await linked.shop_get("order/get_order_list", {**query, "page_size": 100}, shop=SISTER)
    assert not home & {row["order_sn"] for row in sister["response"]["order_list"]}
