"""Orders as the reference's samples have them: pages, details, statuses, digest, and what is odd."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from domain.errors import RequestRejected, UnexpectedResponse
from domain.orders import OrderLine, OrderSnapshot, OrderStatus, Parcel, ParcelLine, ParcelState
from domain.platform import Page, Window
from tests.unit.adapters.shopee_samples import (
    NOW,
    SHOP,
    StandIn,
    answer,
    at,
    body,
    rupiah,
    wrapped,
)

PHOTO = "https://cf.shopee.co.id/file/82becb4830bd2ee90ad6acf8a9dc26d7"
WINDOW = Window(NOW - timedelta(days=14), NOW)


async def test_pages_of_orders_end_and_the_cursor_goes_back_unchanged() -> None:
    shopee = StandIn(answer("order_get_order_list", "page_1"), answer("order_get_order_list", "last_page"))
    orders = shopee.platform.orders
    first = await orders.orders_changed(SHOP, WINDOW, "")
    assert first == Page(("251122ABCDEF01", "251122ABCDEF02"), "50")
    assert await orders.orders_changed(SHOP, WINDOW, "50") == Page(("251121ZYXWVU99",), None)
    assert ["cursor" in request.url.params for request in shopee.requests] == [False, True]
    assert shopee.requests[1].url.params["cursor"] == "50"


@pytest.mark.parametrize("cursor", ["", None, "50"])
async def test_cursor_that_leads_nowhere_new_is_refused(cursor: str | None) -> None:
    page = wrapped({"more": True, "next_cursor": cursor, "order_list": [{"order_sn": "1"}]})
    with pytest.raises(UnexpectedResponse):
        await StandIn(page).platform.orders.orders_changed(SHOP, WINDOW, "50")


async def test_window_too_long_is_refused() -> None:
    with pytest.raises(RequestRejected):
        await StandIn(answer("order_get_order_list", "error_window")).platform.orders.orders_changed(
            SHOP, Window(NOW - timedelta(days=16), NOW), ""
        )


PAID = OrderSnapshot(
    external_id="251122ABCDEF01",
    status=OrderStatus.TO_SHIP,
    raw_status="READY_TO_SHIP",
    placed_at=at(1763790000),
    updated_at=at(1763793600),
    currency="IDR",
    lines=(
        OrderLine(
            listing_external_id="2500139861",
            variant_external_id="2000458801",
            unit_ids=("2500139861",),
            title="Kaos Polos Katun",
            variant_name="Hitam,M",
            sku="KAOS-01-H-M",
            quantity=2,
            unit_price=rupiah(60000),
            list_price=rupiah(65000),
            image_url=PHOTO + "_tn",
        ),
    ),
    parcels=(
        Parcel(
            external_id="OFG113701539238152",
            raw_status="LOGISTICS_READY",
            courier="Reguler (Cashless)",
            tracking_number="",
            lines=(ParcelLine("2500139861", "2000458801", 2),),
            state=ParcelState.TO_ARRANGE,
            courier_id="8003",
            place="IDZ",
        ),
    ),
    paid_at=at(1763790300),
    ship_by=at(1763966400),
    total=rupiah(129000),
    buyer_name="B***o",
    buyer_city="KOTA BANDUNG",
    buyer_note="tolong bungkus rapi",
    payment_method="ShopeePay",
    courier="Reguler (Cashless)",
)


async def test_orders_are_read_in_full() -> None:
    shopee = StandIn(answer("order_get_order_detail", "success_ready_and_unpaid"))
    paid, unpaid = await shopee.platform.orders.fetch_orders(SHOP, ["251122ABCDEF01", "251122UNPAID01"])
    assert replace(paid, digest="") == PAID
    assert (unpaid.status, unpaid.paid_at, unpaid.total) == (OrderStatus.UNPAID, None, None)


async def test_cancelled_order_says_by_whom_and_why() -> None:
    shopee = StandIn(answer("order_get_order_detail", "success_cancelled_and_in_cancel_and_split"))
    found = {each.external_id: each for each in await shopee.platform.orders.fetch_orders(SHOP, ["1", "2"])}
    cancelled = found["251120CANCEL01"]
    assert (cancelled.status, cancelled.cancelled_by) == (OrderStatus.CANCELLED, "buyer")
    assert cancelled.cancel_reason == "Need to change delivery address"
    assert found["251122INCANC01"].status is OrderStatus.CANCEL_ASKED
    split = found.keys() - {"251120CANCEL01", "251122INCANC01"}
    assert [len(found[number].parcels) for number in split] == [2]


def one_order(**changes: Any) -> StandIn:
    detail = body("order_get_order_detail", "success_ready_and_unpaid")
    detail["response"]["order_list"] = [detail["response"]["order_list"][0] | changes]
    return StandIn(httpx.Response(200, json=detail))


async def fetched(shopee: StandIn) -> OrderSnapshot:
    return (await shopee.platform.orders.fetch_orders(SHOP, ["251122ABCDEF01"]))[0]


async def test_digest_moves_with_what_is_kept_and_only_with_it() -> None:
    first = (await fetched(one_order())).digest
    assert (await fetched(one_order())).digest == first
    assert (
        await fetched(one_order(days_to_ship=9, buyer_user_id=1, total_amount="129000.00"))
    ).digest == first
    assert (await fetched(one_order(note="gift"))).digest != first
    assert (await fetched(one_order(total_amount=129000.5))).digest != first
    assert len(first) == 64


async def test_an_order_that_is_stored_as_it_is_may_be_left_out() -> None:
    shopee, numbers = one_order(), ["251122ABCDEF01"]
    first = await fetched(shopee)
    stored = {first.external_id: first.digest}
    assert await shopee.platform.orders.fetch_orders(SHOP, numbers, stored) == []
    other = {first.external_id: "of another version"}
    assert await shopee.platform.orders.fetch_orders(SHOP, numbers, other) == [first]
    restarted = one_order()
    assert await restarted.platform.orders.fetch_orders(SHOP, numbers, stored) == [first]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("UNPAID", OrderStatus.UNPAID),
        ("PENDING", OrderStatus.PENDING),
        ("INVOICE_PENDING", OrderStatus.PENDING),
        ("READY_TO_SHIP", OrderStatus.TO_SHIP),
        ("RETRY_SHIP", OrderStatus.TO_SHIP),
        ("PROCESSED", OrderStatus.ARRANGED),
        ("SHIPPED", OrderStatus.SHIPPED),
        ("TO_CONFIRM_RECEIVE", OrderStatus.DELIVERED),
        ("COMPLETED", OrderStatus.COMPLETED),
        ("IN_CANCEL", OrderStatus.CANCEL_ASKED),
        ("CANCELLED", OrderStatus.CANCELLED),
        ("TO_RETURN", OrderStatus.RETURNING),
        ("ON_THE_MOON", OrderStatus.UNKNOWN),
    ],
)
async def test_status_of_an_order_keeps_its_word(word: str, status: OrderStatus) -> None:
    order = await fetched(one_order(order_status=word))
    assert (order.status, order.raw_status) == (status, word)


async def test_order_is_read_leniently() -> None:
    order = await fetched(
        one_order(
            package_list=None,
            recipient_address=None,
            pay_time=0,
            ship_by_date=None,
            cod="true",
            update_time="1763793600",
            currency=None,
            invented_field={"deep": [1]},
        )
    )
    assert (order.parcels, order.buyer_name, order.paid_at, order.ship_by) == ((), "tono88", None, None)
    assert (order.is_cod, order.currency, order.updated_at) == (True, "IDR", at(1763793600))


async def test_price_inside_a_bundle_is_the_list_price() -> None:
    line = body("order_get_order_detail", "success_ready_and_unpaid")["response"]["order_list"][0][
        "item_list"
    ][0]
    bundled = line | {"model_discounted_price": 0, "promotion_type": "bundle_deal", "model_id": 0}
    gift = line | {"model_discounted_price": 0, "promotion_type": "add_on_free_gift_sub", "model_sku": ""}
    order = await fetched(one_order(item_list=[bundled, gift]))
    assert [each.unit_price for each in order.lines] == [rupiah(65000), rupiah(0)]
    assert (order.lines[0].variant_external_id, order.lines[1].sku) == ("0", "KAOS-01")


@pytest.mark.parametrize(
    "broken",
    [
        {"update_time": 99999999999999},
        {"update_time": None},
        {"total_amount": "NaN"},
        {"item_list": []},
        {"create_time": "today"},
    ],
)
async def test_unreadable_order_spoils_no_other(broken: dict[str, Any]) -> None:
    detail = body("order_get_order_detail", "success_ready_and_unpaid")
    detail["response"]["order_list"][0] |= broken
    shopee = StandIn(httpx.Response(200, json=detail))
    found = await shopee.platform.orders.fetch_orders(SHOP, ["251122ABCDEF01", "251122UNPAID01"])
    assert [each.external_id for each in found] == ["251122UNPAID01"]


async def test_unknown_order_is_left_out() -> None:
    def detail(request: httpx.Request) -> httpx.Response:
        wanted = request.url.params["order_sn_list"].split(",")
        if "251122UNKNOWN1" in wanted:
            return answer("order_get_order_detail", "error_not_found")
        known = body("order_get_order_detail", "success_ready_and_unpaid")["response"]["order_list"]
        return wrapped({"order_list": [order for order in known if order["order_sn"] in wanted]})

    shopee = StandIn(detail)
    numbers = ["251122ABCDEF01", "251122UNKNOWN1", "251122UNPAID01"]
    found = await shopee.platform.orders.fetch_orders(SHOP, numbers)
    assert [each.external_id for each in found] == ["251122ABCDEF01", "251122UNPAID01"]
    assert await shopee.platform.orders.fetch_orders(SHOP, ["251122UNKNOWN1"]) == []


@pytest.mark.parametrize(
    ("name", "username", "city", "told"),
    [
        ("B***o", "tono88", "KOTA BANDUNG", ("B***o", "KOTA BANDUNG")),
        ("****", "tono88", "****", ("tono88", "")),
        ("****", "******", "*** ***", ("", "")),
        (None, None, None, ("", "")),
    ],
)
async def test_what_is_nothing_but_a_mask_is_not_shown(
    name: str | None, username: str | None, city: str | None, told: tuple[str, str]
) -> None:
    address = {"name": name, "city": city, "phone": "****", "full_address": "****"}
    order = await fetched(one_order(recipient_address=address, buyer_username=username))
    assert (order.buyer_name, order.buyer_city) == told


async def test_phone_and_street_are_never_read() -> None:
    order = await fetched(
        one_order(
            recipient_address={"name": "B***o", "city": "X", "phone": "0812-777", "full_address": "Jl. 9"}
        )
    )
    assert "0812-777" not in repr(order)
    assert "Jl. 9" not in repr(order)


async def test_nothing_asked_is_nothing_sent() -> None:
    shopee = StandIn(answer("order_get_order_detail", "error_not_found"))
    assert await shopee.platform.orders.fetch_orders(SHOP, []) == []
    assert await shopee.platform.catalogue.fetch_listings(SHOP, []) == []
    assert await shopee.platform.catalogue.push_prices(SHOP, []) == []
    assert shopee.requests == []
