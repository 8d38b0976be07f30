"""Listings taken in, variants listed and found, and the numbers of home."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from domain.catalogue import ListingState, Price
from domain.errors import NotFound
from domain.money import Money
from domain.orders import OrderStatus
from domain.platform import ListingSnapshot
from domain.shops import Shop
from services.home import start_of_day
from services.stock import PAGE
from services.views import VariantRow
from tests.factories import DAY, HOUR, NOW, listing_snapshot, money, order_snapshot, variant_snapshot
from tests.integration.services.house import House


@pytest_asyncio.fixture(loop_scope="session")
async def shop(house: House) -> Shop:
    return await house.link()


@pytest_asyncio.fixture(loop_scope="session")
async def lite(sqlite_house: House) -> Shop:
    return await sqlite_house.link()


async def found(house: House, words: str = "") -> list[VariantRow]:
    return list((await house.services.stock.page(house.owner, words)).rows)


async def titles(house: House, words: str) -> set[str]:
    return {row.title for row in await found(house, words)}


def two_colours(**changes: int) -> ListingSnapshot:
    white = variant_snapshot("1", sku="LAMP-W", name="Putih", available=changes.get("white", 5))
    warm = variant_snapshot("2", sku="LAMP-K", name="Kuning", available=changes.get("warm", 7))
    return listing_snapshot("900001", white, warm)


# Taking in


async def test_each_listing_variant_founds_one_variant_however_often_it_is_read(
    house: House, shop: Shop
) -> None:
    for _ in range(3):
        await house.record(shop, two_colours())
    rows = await found(house)
    assert {(row.name, row.sku, row.available) for row in rows} == {
        ("Putih", "LAMP-W", 5),
        ("Kuning", "LAMP-K", 7),
    }
    assert len({row.variant_id for row in rows}) == 2


async def test_listings_read_at_once_are_founded_once(house: House, shop: Shop) -> None:
    many = [listing_snapshot(str(910000 + number), title=f"Barang {number}") for number in range(4)]
    await asyncio.gather(*(house.record(shop, *order) for order in (many, many[::-1], many, many[::-1])))
    assert len(await found(house)) == 4


async def test_a_new_variant_of_a_known_listing_is_founded_too(sqlite_house: House, lite: Shop) -> None:
    await sqlite_house.record(lite, listing_snapshot("900001", variant_snapshot("1", name="Putih")))
    await sqlite_house.record(lite, two_colours())
    assert {row.name for row in await found(sqlite_house)} == {"Putih", "Kuning"}


async def test_what_is_read_again_is_brought_up_to_date(house: House, shop: Shop) -> None:
    await house.record(shop, listing_snapshot())
    until = NOW + 3 * HOUR
    newer = variant_snapshot(
        price=Price(money(120000), is_taxed=False, buyer_pays=money(99000), locked_until=until),
        available=3,
        reserved=2,
    )
    house.clock.advance(HOUR)
    await house.record(shop, listing_snapshot("900001", newer))
    shown = await house.shown()
    assert shown.price == newer.price
    assert (shown.available, shown.reserved, shown.seen_at) == (3, 2, NOW + HOUR)


async def test_an_older_snapshot_never_wins(house: House, shop: Shop) -> None:
    newer = listing_snapshot("900001", variant_snapshot(listed=110000), updated_at=NOW)
    older = listing_snapshot("900001", variant_snapshot(listed=129000), updated_at=NOW - HOUR)
    await house.record(shop, newer)
    await house.record(shop, older)
    assert (await house.shown()).price.listed == money(110000)
    await house.record(shop, replace(newer, variants=(variant_snapshot(listed=105000),)))
    assert (await house.shown()).price.listed == money(105000), (
        "stock and price change without moving the time"
    )


async def test_a_variant_that_is_gone_cannot_be_sold(house: House, shop: Shop) -> None:
    await house.record(shop, two_colours())
    await house.record(shop, listing_snapshot("900001", variant_snapshot("1", name="Putih", available=5)))
    assert {row.name: row.available for row in await found(house)} == {"Putih": 5, "Kuning": 0}
    await house.record(shop, two_colours(warm=9))
    assert {row.name: row.available for row in await found(house)} == {"Putih": 5, "Kuning": 9}


@pytest.mark.parametrize("state", [ListingState.DELETED, ListingState.BANNED])
async def test_a_listing_that_is_gone_is_not_listed(
    sqlite_house: House, lite: Shop, state: ListingState
) -> None:
    await sqlite_house.record(lite, listing_snapshot())
    await sqlite_house.record(lite, listing_snapshot(state=state, raw_state="X"))
    assert await found(sqlite_house) == []


async def test_a_hidden_listing_keeps_its_stock(sqlite_house: House, lite: Shop) -> None:
    await sqlite_house.record(lite, listing_snapshot(state=ListingState.UNLISTED))
    assert [row.available for row in await found(sqlite_house)] == [40]


async def test_text_no_database_likes_is_kept_as_far_as_it_can_be(house: House, shop: Shop) -> None:
    hostile = listing_snapshot(
        "900001", variant_snapshot(name="n\x00", sku="s\x00\ud800"), title="Lampu \x00 x"
    )
    await house.record(shop, hostile)
    assert [row.title for row in await found(house, "Lampu")] == ["Lampu \ufffd x"]


# Searching


@pytest_asyncio.fixture(loop_scope="session")
async def shelf(house: House, shop: Shop) -> House:
    """Fill the shop with titles that databases trip over."""
    for number, (title, name, sku) in enumerate(
        [
            ("Lampu LED 100%", "Putih", "LED_1"),
            ("Lampu LED 50", "Kuning", "LEDX1"),
            ("Kabel C:\\data", "2 m", "CABLE\\2"),
            ("โคมไฟ LED", "ขาว", "TH-1"),
            ("Đèn bàn", "Trắng", "VN-1"),
        ]
    ):
        variant = variant_snapshot(name=name, sku=sku, available=number)
        await house.record(shop, listing_snapshot(str(900001 + number), variant, title=title))
    return house


@pytest.mark.parametrize(
    ("words", "hits"),
    [
        ("lampu", {"Lampu LED 100%", "Lampu LED 50"}),
        ("led LAMPU", {"Lampu LED 100%", "Lampu LED 50"}),
        ("lampu kuning", {"Lampu LED 50"}),
        ("lampu cable", set()),
        ("100%", {"Lampu LED 100%"}),
        ("%", {"Lampu LED 100%"}),
        ("led_1", {"Lampu LED 100%"}),
        ("_", {"Lampu LED 100%"}),
        ("\\", {"Kabel C:\\data"}),
        ("c:\\data", {"Kabel C:\\data"}),
        ("' OR 1=1 --", set()),
        ("โคมไฟ", {"โคมไฟ LED"}),
        ("Đèn", {"Đèn bàn"}),
        ("Trắng", {"Đèn bàn"}),
        ("lampu\x00", set()),
    ],
)
async def test_every_word_must_be_held_and_signs_are_only_signs(
    shelf: House, words: str, hits: set[str]
) -> None:
    assert await titles(shelf, words) == hits


async def test_a_letter_pasted_into_the_search_finds_an_end(sqlite_house: House, lite: Shop) -> None:
    await sqlite_house.record(lite, listing_snapshot())
    letter = " ".join(f"kata{number}" for number in range(2000))
    assert await found(sqlite_house, letter) == []
    assert len(await found(sqlite_house, "lampu " * 2000)) == 1


async def test_the_scarcest_come_first_over_pages(house: House, shop: Shop) -> None:
    stock = [7, 0, 3, 12, 0, 5, 9, 1, 2, 30]
    for number, available in enumerate(stock):
        variant = variant_snapshot(available=available)
        await house.record(shop, listing_snapshot(str(900001 + number), variant, title=f"Barang {number}"))
    first = await house.services.stock.page(house.owner, "barang")
    pages = [
        await house.services.stock.page(house.owner, "barang", page=number)
        for number in range(1, first.pages + 1)
    ]
    assert [row.available for page in pages for row in page.rows] == sorted(stock)
    assert (first.total, first.sold_out, len(first.rows)) == (10, 2, PAGE)
    assert (await house.services.stock.page(house.owner, "barang", page=99)).page == first.pages


async def test_a_shared_sku_names_all_its_variants_in_any_case(house: House, shop: Shop) -> None:
    for number in range(3):
        variant = variant_snapshot(sku="Same-1" if number else "Other")
        await house.record(shop, listing_snapshot(str(900001 + number), variant, title=f"Barang {number}"))
    hits = await house.services.stock.by_sku(house.owner, "SAME-1")
    assert {row.title for row in hits} == {"Barang 1", "Barang 2"}
    assert [row.shop_name for row in hits] == ["", ""]
    assert await house.services.stock.by_sku(house.owner, "SAME") == []


async def test_what_only_one_of_several_shops_has_says_which(house: House, shop: Shop) -> None:
    house.bazaar.add_shop("600012", name="RK Official")
    other = await house.link("600012")
    await house.record(shop, listing_snapshot("900001", variant_snapshot(sku="SAME"), title="Barang"))
    await house.record(other, listing_snapshot("700001", variant_snapshot(sku="SAME"), title="Barang"))
    both = {"Rumah Kita", "RK Official"}
    assert {row.shop_name for row in await house.services.stock.by_sku(house.owner, "same")} == both
    assert {row.shop_name for row in await found(house)} == both
    assert {row.shop_name for row in (await house.services.search.find(house.owner, "same")).variants} == both


async def test_a_missing_sku_is_no_name(sqlite_house: House, lite: Shop) -> None:
    await sqlite_house.record(lite, listing_snapshot("900001", variant_snapshot(sku="")))
    hits = await sqlite_house.services.search.find(sqlite_house.owner, "")
    assert (hits.orders, hits.variants) == ((), ())


async def test_bare_words_mean_an_order_or_a_sku_before_a_title(house: House, shop: Shop) -> None:
    await house.record(shop, listing_snapshot("900001", variant_snapshot(sku="LAMP1"), title="Teko"))
    await house.record(shop, listing_snapshot("900002", variant_snapshot(sku="X"), title="Tutup LAMP1"))
    await house.services.orders.record(shop, [order_snapshot("260302LAMP1")])
    hits = await house.services.search.find(house.owner, " lamp1 ")
    assert ([row.number for row in hits.orders], [row.title for row in hits.variants]) == (
        ["260302LAMP1"],
        ["Teko"],
    )
    assert [row.title for row in (await house.services.search.find(house.owner, "tutup")).variants] == [
        "Tutup LAMP1"
    ]


async def test_a_seller_sees_only_his_own_variants(house: House, shop: Shop) -> None:
    await house.record(shop, listing_snapshot())
    stranger = await house.found("Eve", 6666)
    variant_id = (await house.shown()).variant_id
    assert (await house.services.stock.page(stranger, "")).rows == ()
    assert await house.services.stock.by_sku(stranger, "LAMP-12W") == []
    assert (await house.services.search.find(stranger, "lampu")).variants == ()
    with pytest.raises(NotFound) as unseen:
        await house.services.stock.card(stranger, variant_id)
    assert unseen.value.code == "variant_unknown"


async def test_a_variant_in_two_shops_shows_both_and_no_price_when_they_differ(
    house: House, shop: Shop
) -> None:
    other = await house.link("600012")
    await house.record(shop, listing_snapshot("900001", variant_snapshot(available=9)))
    await house.record(
        other, listing_snapshot("700001", variant_snapshot(available=4, reserved=2), title="Lain")
    )
    await house.sell_as_one("900001", "700001")
    (row,) = await found(house)
    assert (row.shops, row.available, row.reserved, row.listed) == (2, 4, 2, money(129000))
    assert row.shop_name == ""
    await house.record(other, listing_snapshot("700001", variant_snapshot(listed=99000), title="Lain"))
    assert (await found(house))[0].listed is None
    card = await house.services.stock.card(house.owner, row.variant_id)
    assert {each.shop.external_id: each.shown.price.listed for each in card.shown} == {
        "600011": money(129000),
        "600012": money(99000),
    }


# Home


async def test_home_counts_what_was_paid_today_in_the_views_zone(house: House, shop: Shop) -> None:
    midnight = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)  # of 2 March in Jakarta
    second = timedelta(seconds=1)
    orders = [
        order_snapshot("A0001", paid_at=midnight, total=money(100000)),
        order_snapshot("A0002", paid_at=midnight - second, total=money(5000)),
        order_snapshot("A0003", OrderStatus.SHIPPED, paid_at=NOW, total=money(20000)),
        order_snapshot("A0004", OrderStatus.CANCELLED, paid_at=NOW, total=money(7000)),
        order_snapshot("A0005", OrderStatus.UNPAID, total=money(7000)),
        order_snapshot("A0006", paid_at=NOW, total=None),
        order_snapshot("A0007", paid_at=NOW, currency="SGD", total=money("12.50", "SGD")),
    ]
    await house.services.orders.record(shop, orders)
    home = await house.services.home.today(await house.services.people.set_zone(house.owner, "Asia/Jakarta"))
    assert {each.currency: each for each in home.sold} == {"IDR": money(120000), "SGD": money("12.50", "SGD")}
    assert home.orders_today == 4
    eastern = await house.services.people.set_zone(
        house.owner, "Pacific/Auckland"
    )  # its day began at 11:00 UTC
    assert (await house.services.home.today(eastern)).orders_today == 5


async def test_home_counts_what_is_due(house: House, shop: Shop) -> None:
    await house.record(
        shop, listing_snapshot(), listing_snapshot("2", variant_snapshot(available=0), title="Teko")
    )
    soon = NOW + HOUR
    await house.services.orders.record(
        shop,
        [
            order_snapshot("A0001", ship_by=soon + HOUR),
            order_snapshot("A0002", ship_by=soon),
            order_snapshot("A0003", OrderStatus.ARRANGED, ship_by=NOW),
            order_snapshot("A0004", OrderStatus.SHIPPED, ship_by=NOW),
        ],
    )
    await house.propose(119000)
    home = await house.services.home.today(house.owner)
    assert (home.to_pack, home.pack_next, home.approvals, home.sold_out) == (3, soon, 1, 1)
    assert home.as_of is None, "one shop was never read"
    assert [each.name for each in home.shops] == ["Rumah Kita"]


async def test_home_of_a_new_seller_is_empty(sqlite_house: House) -> None:
    home = await sqlite_house.services.home.today(sqlite_house.owner)
    assert (home.shops, home.sold, home.orders_today, home.to_pack, home.pack_next) == ((), (), 0, 0, None)
    assert (home.approvals, home.sold_out, home.as_of, home.is_demo) == (0, 0, None, False)


@pytest.mark.parametrize(
    ("zone", "now", "began"),
    [
        ("Asia/Jakarta", "2026-03-01T16:59:59Z", "2026-02-28T17:00:00Z"),
        ("Asia/Jakarta", "2026-03-01T17:00:00Z", "2026-03-01T17:00:00Z"),
        ("UTC", "2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z"),
        ("Asia/Kathmandu", "2026-03-02T05:00:00Z", "2026-03-01T18:15:00Z"),
        # Midnight does not exist: the day begins at 01:00.
        ("Africa/Cairo", "2026-04-24T12:00:00Z", "2026-04-23T22:00:00Z"),
        # Midnight happens twice: the day begins with the first.
        ("America/Havana", "2026-11-01T12:00:00Z", "2026-11-01T04:00:00Z"),
        # The clocks were changed after midnight.
        ("Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z"),
        ("Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z"),
    ],
)
def test_a_day_begins_with_its_first_moment(zone: str, now: str, began: str) -> None:
    assert start_of_day(datetime.fromisoformat(now), zone) == datetime.fromisoformat(began)


async def test_as_of_is_the_shop_read_longest_ago(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    first = (await house.services.home.today(house.owner)).as_of
    house.clock.advance(DAY)
    await house.stocked(listing_snapshot("1"), external_id="600012")
    assert (await house.services.home.today(house.owner)).as_of == first


async def test_money_of_a_currency_with_cents_is_kept_to_the_cent(house: House, shop: Shop) -> None:
    await house.record(shop, listing_snapshot("900001", variant_snapshot(listed="12.35", currency="SGD")))
    assert (await house.shown()).price.listed == Money(money("12.35").amount, "SGD")
