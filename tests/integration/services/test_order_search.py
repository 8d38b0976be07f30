"""Orders found by what is in them, and what an order keeps of a cancellation in part."""

from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from domain.orders import OrderStatus
from domain.platform import Cancellation, CancelReason, LineUnits
from services.sync import ORDERS
from tests.factories import DAY, NOW, order_line, order_snapshot, parcel
from tests.integration.services.house import House
from tests.integration.services.stocking import LAMP, count, level, numbers


async def numbers_of(house: House, words: str) -> list[str]:
    return [row.number for row in await house.services.search.find_orders(house.owner, words)]


@pytest_asyncio.fixture(loop_scope="session")
async def shelf(house: House) -> House:
    """Return a house with orders of several buyers, goods and ages."""
    shop, _ = await house.stocked()
    cable = order_line(listing_external_id="900002", sku="USB-2M", title="Kabel")
    travelling = replace(parcel(tracking_number="JX0012344412"), external_id="OFG9")
    await house.services.orders.record(
        shop,
        [
            order_snapshot("26AAAA0001", buyer_name="Budi Santoso", is_cod=True),
            order_snapshot("26AAAA0002", lines=(cable,), placed_at=NOW + timedelta(seconds=1)),
            order_snapshot("26AAAA0003", lines=(order_line(), cable), buyer_name="100%_sari"),
            order_snapshot("26AAAA0004", parcels=(travelling,)),
            order_snapshot("26AAAA0005", buyer_name="Budi", placed_at=NOW - 91 * DAY),
        ],
    )
    return house


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("0004", ["26AAAA0004"]),
        ("JX0012344412", ["26AAAA0004"]),
        ("usb-2m", ["26AAAA0002", "26AAAA0003"]),
        ("santoso", ["26AAAA0001"]),
        ("BUDI", ["26AAAA0001"]),
        ("0%_s", ["26AAAA0003"]),
        ("%", []),
        ("nobody", []),
    ],
)
async def test_an_order_is_found_by_what_is_in_it(shelf: House, words: str, found: list[str]) -> None:
    assert await numbers_of(shelf, words) == found


async def test_a_bare_text_finds_a_buyer_where_nothing_else_fits(shelf: House) -> None:
    hits = await shelf.services.search.find(shelf.owner, "santoso")
    assert ([row.number for row in hits.orders], hits.variants) == (["26AAAA0001"], ())
    assert hits.orders[0].is_cod
    assert (await shelf.services.search.find(shelf.owner, "Lampu")).orders == ()


async def test_another_sellers_orders_are_not_found(shelf: House) -> None:
    ann = await shelf.found("Ann", 4719)
    assert await shelf.services.search.find_orders(ann, "santoso") == ()
    assert await shelf.services.search.find_orders(ann, "USB-2M") == ()


async def test_units_cancelled_out_of_an_order_are_kept_and_come_back(house: House) -> None:
    shop, truth = await house.stocked()
    await count(house, 9)
    truth.place(order_snapshot("26PART0001", lines=(order_line(3),), parcels=(parcel(),)))
    await house.services.sync.poll(shop.id, ORDERS)
    house.clock.advance(timedelta(minutes=1))
    asked = Cancellation("26PART0001", CancelReason.OUT_OF_STOCK, (LineUnits(LAMP, "0", 1),), is_partial=True)
    await house.services.tokens.call(
        shop.id, lambda platform, access: platform.order_actions.cancel(access, asked)
    )
    await house.services.sync.poll(shop.id, ORDERS)
    seen = await house.order(shop, "26PART0001")
    assert seen
    assert [(line.quantity, line.cancelled) for line in seen.lines] == [(2, 1)]
    assert seen.status is OrderStatus.TO_SHIP
    assert numbers(await level(house)) == (9, 2, 7)
