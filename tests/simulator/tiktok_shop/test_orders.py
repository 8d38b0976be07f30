"""Orders: one line a unit, ids as texts, holds, packages that are cut and combined, and the state machine's words."""

from tests.simulator.tiktok_shop.shapes import differences, missing
from tests.simulator.tiktok_shop.wire import FOREIGN, HOME, Json, Wire

SEARCH = "/order/202309/orders/search"
NOT_ALWAYS = (
    *("cancel_reason", "cancellation_initiator", "cancel_time", "cancel_user", "rts_time", "collection_time"),
    *("paid_time", "delivery_time", "request_cancel_time"),
)
SAID_IN_WORDS = ("delivery_time", "request_cancel_time", "cancel_time", "rts_time", "collection_time")


async def test_list_and_detail_have_the_documented_fields(linked: Wire) -> None:
    first, second = (await linked.shelf())[:2]
    number = await linked.buy(first, second, units=2)
    found = await linked.ask("POST", SEARCH, {}, page_size=100)
    assert differences(found, "order-search", beside=SAID_IN_WORDS) == []
    detail = await linked.ask("GET", "/order/202507/orders", ids=number)
    assert differences(detail, "order-get-detail", beside=SAID_IN_WORDS) == []
    assert missing(detail, "order-get-detail", but=NOT_ALWAYS) == []
    price = await linked.ask("GET", f"/order/202407/orders/{number}/price_detail")
    assert differences(price, "order-price-detail") == []
    assert missing(price, "order-price-detail") == []


async def test_each_unit_is_a_line_and_ids_are_texts_beyond_what_a_double_holds(linked: Wire) -> None:
    sku = (await linked.shelf())[0]
    order = await linked.order(await linked.buy(sku, units=3))
    units = order["line_items"]
    assert [each["sku_id"] for each in units] == [sku["model_id"]] * 3
    assert len({each["id"] for each in units}) == 3
    for each in (order["id"], order["packages"][0]["id"], *(unit["id"] for unit in units), sku["item_id"]):
        assert isinstance(each, str)
        assert int(each) > 2**53
    assert order["payment"]["sub_total"] == str(3 * int(sku["price"]))


async def test_pages_end_and_do_not_repeat_while_orders_move(linked: Wire) -> None:
    truth = {each["order_sn"] for each in (await linked.world())["orders"]}
    seen: list[str] = []
    more: Json = {}
    while True:
        found = await linked.ask(
            "POST", SEARCH, {}, page_size=7, sort_field="update_time", sort_order="ASC", **more
        )
        seen += [each["id"] for each in found["orders"]]
        if len(seen) == 14:
            await linked.move_clock(1)
            await linked.buy()
        more = {"page_token": found["next_page_token"]}
        if not found["next_page_token"]:
            break
    assert truth <= set(seen)
    assert len(seen) == len(set(seen))


async def test_token_of_other_filters_is_refused(linked: Wire) -> None:
    found = await linked.ask("POST", SEARCH, {}, page_size=2)
    other = {"order_status": "COMPLETED"}
    token = found["next_page_token"]
    assert await linked.refused("POST", SEARCH, other, page_size=2, page_token=token) == 36009004
    assert await linked.refused("POST", SEARCH, {}, page_size=2, page_token="b2Zmc2V0") == 36009004
    for size in (0, 101):
        assert await linked.refused("POST", SEARCH, {}, page_size=size) == 36009004


async def test_window_begins_with_its_first_second_and_ends_before_its_last(linked: Wire) -> None:
    number = await linked.buy()
    for window, there in (((0, 1), True), ((-1, 0), False), ((1, 2), False)):
        body = {"update_time_ge": linked.now + window[0], "update_time_lt": linked.now + window[1]}
        found = await linked.ask("POST", SEARCH, body, page_size=50)
        assert (number in [each["id"] for each in found.get("orders", [])]) == there


async def test_empty_list_is_left_out(linked: Wire) -> None:
    found = await linked.ask("POST", SEARCH, {"create_time_ge": linked.now + 1}, page_size=50)
    assert found == {"total_count": 0, "next_page_token": ""}


async def test_paid_order_is_on_hold_for_an_hour(linked: Wire) -> None:
    await linked.control("app", {"remorse_s": 3600})
    number = await linked.buy()
    held = await linked.order(number)
    assert (held["status"], held["is_on_hold_order"]) == ("ON_HOLD", True)
    assert "recipient_address" not in held
    package = held["packages"][0]["id"]
    assert await linked.refused("POST", f"/fulfillment/202309/packages/{package}/ship", {}) == 21011044
    await linked.move_clock(3601)
    assert (await linked.order(number))["status"] == "AWAITING_SHIPMENT"


async def test_unpaid_order_has_neither_package_nor_address(linked: Wire) -> None:
    order = await linked.order(await linked.buy(pay=False))
    assert (order["status"], order["packages"]) == ("UNPAID", [])
    assert "recipient_address" not in order
    assert "paid_time" not in order


async def test_words_of_an_orders_life(linked: Wire) -> None:
    number = await linked.buy()
    seen = []
    for step in ("arrange", "pickup", "deliver", "complete"):
        await linked.control(f"orders/{number}/{step}")
        order = await linked.order(number)
        seen.append((order["status"], order["line_items"][0]["package_status"]))
    assert seen == [
        ("AWAITING_COLLECTION", "PROCESSING"),
        ("IN_TRANSIT", "FULFILLING"),
        ("DELIVERED", "COMPLETED"),
        ("COMPLETED", "COMPLETED"),
    ]


async def test_buyer_who_wants_to_cancel_is_a_flag(linked: Wire) -> None:
    number = await linked.buy()
    await linked.control(f"orders/{number}/ask_cancel")
    order = await linked.order(number)
    assert (order["status"], order["is_buyer_request_cancel"]) == ("AWAITING_SHIPMENT", True)
    found = await linked.ask("POST", SEARCH, {"is_buyer_request_cancel": True}, page_size=100)
    assert number in [each["id"] for each in found["orders"]]


async def test_order_that_is_cut_has_two_packages_and_ships_in_parts(linked: Wire) -> None:
    first, second = (await linked.shelf())[:2]
    number = await linked.buy(first, second)
    before = await linked.package(number)
    await linked.control(f"orders/{number}/split")
    packages = [each["id"] for each in (await linked.order(number))["packages"]]
    assert len(packages) == 2
    assert before not in packages
    await linked.ask("POST", f"/fulfillment/202309/packages/{packages[0]}/ship", {})
    assert (await linked.order(number))["status"] == "PARTIALLY_SHIPPING"
    await linked.ask("POST", f"/fulfillment/202309/packages/{packages[1]}/ship", {})
    assert (await linked.order(number))["status"] == "AWAITING_COLLECTION"


async def test_several_orders_travel_in_one_package(linked: Wire) -> None:
    numbers = [await linked.buy(), await linked.buy()]
    await linked.control(f"orders/{numbers[0]}/combine", {"with": numbers[1]})
    packages = {await linked.package(each) for each in numbers}
    assert len(packages) == 1
    shown = await linked.ask("GET", f"/fulfillment/202309/packages/{packages.copy().pop()}")
    assert sorted(each["id"] for each in shown["orders"]) == sorted(numbers)
    assert shown["split_and_combine_tag"] == "COMBINE"
    await linked.ask("POST", f"/fulfillment/202309/packages/{packages.pop()}/ship", {})
    told = [await linked.order(each) for each in numbers]
    assert [each["status"] for each in told] == ["AWAITING_COLLECTION"] * 2
    assert len({each["tracking_number"] for each in told}) == 1


async def test_ids_of_others_and_of_nobody(linked: Wire) -> None:
    foreign = (await linked.world(FOREIGN))["orders"][0]["order_sn"]
    known = (await linked.world(HOME))["orders"][0]["order_sn"]
    assert await linked.refused("GET", "/order/202507/orders", ids=f"{known},{foreign}") == 21008111
    found = await linked.ask("GET", "/order/202507/orders", ids=f"{known},576461413038785999")
    assert [each["id"] for each in found["orders"]] == [known]
    assert await linked.refused("GET", "/order/202507/orders", ids=",".join([known] * 51)) == 36009004
    assert await linked.refused("GET", "/order/202407/orders/576461413038785999/price_detail") == 21001001
