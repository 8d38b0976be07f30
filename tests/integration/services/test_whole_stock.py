"""The list of everything in stock: what is scarce in any shop comes first, page after page, and nothing is lost."""

import random

import pytest

from domain.catalogue import ListingState
from domain.platform import ListingSnapshot
from services.stock import PAGE
from services.views import VariantPage
from tests.factories import listing_snapshot, variant_snapshot
from tests.integration.services.house import House

COUNT = 3 * PAGE + 2


def on_the_shelf(stock: dict[str, int], **changes: object) -> list[ListingSnapshot]:
    """Return one listing for each title, with so many pieces."""
    return [
        listing_snapshot(f"9{number:05d}", variant_snapshot(available=pieces), title=title, **changes)
        for number, (title, pieces) in enumerate(stock.items())
    ]


def some_stock(highest: int) -> dict[str, int]:
    dice = random.Random(highest)  # noqa: S311 - the same stock at every run
    return {f"Barang {number:03d}": dice.randint(0, highest) for number in range(COUNT)}


async def all_pages(house: House) -> tuple[list[tuple[str, int]], VariantPage]:
    first = await house.services.stock.page(house.owner, "")
    shown = []
    for number in range(1, first.pages + 1):
        page = await house.services.stock.page(house.owner, "", page=number)
        shown += [(row.title, row.available) for row in page.rows]
    return shown, first


@pytest.mark.parametrize("highest", [0, 3, 500], ids=["all sold out", "many alike", "all different"])
async def test_the_scarcest_come_first_and_each_once(house: House, highest: int) -> None:
    stock = some_stock(highest)
    await house.stocked(*on_the_shelf(stock))
    shown, first = await all_pages(house)
    assert shown == sorted(stock.items(), key=lambda each: (each[1], each[0]))
    assert first.total == COUNT
    assert first.sold_out == sum(pieces <= 0 for pieces in stock.values())


async def test_a_variant_in_two_shops_is_one_and_as_scarce_as_in_the_emptier(sqlite_house: House) -> None:
    house = sqlite_house
    stock = some_stock(50)
    await house.stocked(*on_the_shelf(stock))
    twin = listing_snapshot("700001", variant_snapshot(available=0), title="Kembar")
    await house.stocked(twin, external_id="600012")
    plenty = max(stock, key=lambda title: stock[title])
    number = f"9{list(stock).index(plenty):05d}"
    await house.sell_as_one(number, "700001")
    shown, first = await all_pages(house)
    assert shown == sorted((stock | {plenty: 0}).items(), key=lambda each: (each[1], each[0]))
    assert (first.total, first.sold_out) == (COUNT, 1 + sum(pieces <= 0 for pieces in stock.values()))


@pytest.mark.parametrize("state", [ListingState.DELETED, ListingState.BANNED])
async def test_what_is_in_no_shop_any_more_is_neither_shown_nor_counted(
    house: House, state: ListingState
) -> None:
    stock = some_stock(40)
    gone = {"Hilang": 0}
    shop, _ = await house.stocked(*on_the_shelf(stock))
    await house.record(
        shop, listing_snapshot("800001", variant_snapshot(available=0), title="Hilang", state=state)
    )
    shown, first = await all_pages(house)
    assert [title for title, _ in shown if title in gone] == []
    assert shown == sorted(stock.items(), key=lambda each: (each[1], each[0]))
    assert (first.total, first.sold_out) == (COUNT, sum(pieces <= 0 for pieces in stock.values()))
    assert (await house.services.home.today(house.owner)).sold_out == first.sold_out
