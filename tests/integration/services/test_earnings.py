"""What is kept: costs kept, settlements read once, fees learnt, estimates trued up, and who may do what."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.earnings import Earning, Fee, FeeKind, Settlement
from domain.errors import InputError, NotAllowed, NotFound, PlatformUnavailable, RateLimited
from domain.orders import OrderLine, OrderSnapshot, OrderStatus
from domain.people import Role
from domain.platform import Can, ListingSnapshot
from domain.shops import Shop
from services import settlements
from services.views import OrderFilter
from storage.repositories import marks
from storage.repositories.marks import Mark
from tests.factories import DAY, HOUR, NOW, listing_snapshot, money, order_line, order_snapshot
from tests.fakes.platform import FakeShop
from tests.integration.services.house import House

LAMP, CABLE = "900001", "900002"


def lamps_and_cables() -> list[ListingSnapshot]:
    return [
        listing_snapshot(LAMP, category="lamps"),
        listing_snapshot(CABLE, category="cables", title="Kabel USB-C 2 m"),
    ]


async def opened(house: House) -> tuple[Shop, FakeShop]:
    return await house.stocked(*lamps_and_cables())


def done(number: str, *, days: int = 3, listing: str = LAMP, **changes: object) -> OrderSnapshot:
    at = NOW - days * DAY
    facts = {"placed_at": at, "paid_at": at, "updated_at": at, "lines": (line(listing),)} | changes
    return order_snapshot(number, OrderStatus.COMPLETED, **facts)


def line(listing: str = LAMP, quantity: int = 1, each: int = 100_000) -> OrderLine:
    return order_line(quantity, each, listing_external_id=listing)


async def sell(house: House, shop: Shop, truth: FakeShop, *orders: OrderSnapshot) -> None:
    truth.place(*orders)
    await house.services.orders.record(shop, orders)


async def paid_out(house: House, shop: Shop, truth: FakeShop, count: int = 6, listing: str = LAMP) -> None:
    """Let a few orders be settled and read: a tenth is taken, and 1,000 an order."""
    orders = [done(f"2602{listing}{at:04}", listing=listing) for at in range(count)]
    await sell(house, shop, truth, *orders)
    for each in orders:
        house.bazaar.settlements.release(each.external_id, NOW - DAY)
    house.clock.advance(HOUR)
    await house.services.settlements.poll_due(shop.id)


async def card_of(house: House, number: str) -> Earning | None:
    page = await house.services.orders.page(house.owner, OrderFilter.ALL)
    found = [row.order_id for row in page.rows if row.number == number]
    found = found or [row.order_id for row in (await house.services.search.find(house.owner, number)).orders]
    return (await house.services.orders.card(house.owner, found[0])).earning


async def variant_of(house: House, title: str = "Lampu") -> str:
    return (await house.shown(title)).variant_id


async def mark_of(house: House, shop: Shop) -> Mark:
    return await house.database.read(lambda conn: marks.get(conn, shop.id, settlements.MONEY))


def taken(earned: Earning | None) -> dict[FeeKind, Decimal]:
    assert earned
    return {fee.kind: fee.amount.amount for fee in earned.fees}


# Learning and truing up


async def test_an_order_is_estimated_by_what_was_taken_of_others_and_then_trued_up(house: House) -> None:
    shop, truth = await opened(house)
    await paid_out(house, shop, truth)
    await house.services.costs.set(house.owner, await variant_of(house), money(30_000))
    fresh = order_snapshot("260302FRESH001", lines=(line(quantity=2),))
    await sell(house, shop, truth, fresh)
    before = await card_of(house, "260302FRESH001")
    assert before
    assert taken(before) == {FeeKind.COMMISSION: 20_000, FeeKind.PROCESSING: 1000}
    assert (before.goods, before.cost, before.kept) == (money(200_000), money(60_000), money(119_000))
    assert before.learnt_from == 6

    statement = Settlement(
        "260302FRESH001", money(200_000), (Fee(FeeKind.COMMISSION, money(23_456)),), money(176_544)
    )
    house.bazaar.settlements.release("260302FRESH001", house.clock(), statement)
    late = replace(fresh, status=OrderStatus.COMPLETED, updated_at=NOW + 2 * HOUR, digest="done")
    await sell(house, shop, truth, late)
    house.clock.advance(2 * HOUR)
    assert await house.services.settlements.poll_due(shop.id) == 1
    after = await card_of(house, "260302FRESH001")
    assert after
    assert not after.is_estimated
    assert (after.paid_out, after.kept) == (money(176_544), money(116_544))


async def test_each_category_teaches_its_own_rate(house: House) -> None:
    shop, truth = await opened(house)
    await paid_out(house, shop, truth)
    dear = [done(f"2602CABLE{at:04}", listing=CABLE) for at in range(5)]
    await sell(house, shop, truth, *dear)
    for each in dear:
        fees = (Fee(FeeKind.COMMISSION, money(30_000)),)
        made = Settlement(each.external_id, money(100_000), fees, money(70_000))
        house.bazaar.settlements.release(each.external_id, NOW, made)
    house.clock.advance(2 * HOUR)
    await house.services.settlements.poll_due(shop.id)
    mixed = order_snapshot("260302MIXED001", lines=(line(LAMP), line(CABLE)))
    await sell(house, shop, truth, mixed)
    # A tenth of the lamp and three tenths of the cable; 6,000 of handling over eleven orders.
    assert taken(await card_of(house, "260302MIXED001")) == {
        FeeKind.COMMISSION: 40_000,
        FeeKind.PROCESSING: 545,
    }


async def test_few_settled_orders_and_refunded_ones_teach_nothing(house: House) -> None:
    shop, truth = await opened(house)
    await paid_out(house, shop, truth, count=4)
    for at in range(3):
        number = f"2602BACK{at}"
        await sell(house, shop, truth, done(number))
        refund = (Fee(FeeKind.REFUND, money(100_000)),)
        house.bazaar.settlements.release(number, NOW, Settlement(number, money(100_000), refund, money(0)))
    house.clock.advance(2 * HOUR)
    assert await house.services.settlements.poll_due(shop.id) == 3
    await sell(house, shop, truth, order_snapshot("260302FRESH001", lines=(line(),)))
    assert await card_of(house, "260302FRESH001") is None
    refunded = await card_of(house, "2602BACK0")
    assert refunded
    assert refunded.paid_out == money(0)


async def test_what_nobody_paid_earns_nothing(house: House) -> None:
    shop, truth = await opened(house)
    await paid_out(house, shop, truth)
    for status in (OrderStatus.UNPAID, OrderStatus.CANCELLED, OrderStatus.UNKNOWN):
        await sell(house, shop, truth, order_snapshot(f"260302{status}", status, lines=(line(),)))
        assert await card_of(house, f"260302{status}") is None


# Costs


async def test_cost_counts_from_its_day_and_the_first_one_for_all_before(house: House) -> None:
    shop, truth = await opened(house)
    await paid_out(house, shop, truth)
    variant = await variant_of(house)
    costs = house.services.costs
    await costs.set(house.owner, variant, money(20_000), NOW - 2 * DAY)
    await costs.set(house.owner, variant, money(30_000), NOW - DAY)
    await costs.set(house.owner, variant, money(31_000), NOW - DAY)
    for number, days in (("260302OLD00001", 9), ("260302TWODAYS1", 2), ("260302TODAY001", 0)):
        await sell(house, shop, truth, done(number, days=days))
    found = [(await card_of(house, n)) for n in ("260302OLD00001", "260302TWODAYS1", "260302TODAY001")]
    assert [each.cost for each in found if each] == [money(20_000), money(20_000), money(31_000)]
    assert (await house.services.stock.card(house.owner, variant)).cost.each == money(31_000)  # type: ignore[union-attr]
    await costs.set(house.owner, variant, None)
    forgotten = await card_of(house, "260302TODAY001")
    assert forgotten
    assert forgotten.kept is None
    assert (await house.audited())[-4:] == ["cost.set"] * 4


async def test_cost_of_every_line_must_be_known(house: House) -> None:
    shop, truth = await opened(house)
    await paid_out(house, shop, truth)
    await house.services.costs.set(house.owner, await variant_of(house), money(20_000))
    both = order_snapshot("260302BOTH0001", lines=(line(LAMP), line(CABLE)))
    gone = order_snapshot("260302GONE0001", lines=(line(LAMP), line("777777")))
    await sell(house, shop, truth, both, gone)
    for number in ("260302BOTH0001", "260302GONE0001"):
        earned = await card_of(house, number)
        assert earned
        assert earned.kept is None
    await house.services.costs.set(house.owner, await variant_of(house, "Kabel"), money(5_000))
    earned = await card_of(house, "260302BOTH0001")
    assert earned
    assert earned.kept == money(200_000 - 20_000 - 1_000 - 25_000)


async def test_only_managers_set_costs_and_only_sensible_ones(house: House) -> None:
    await opened(house)
    variant, costs = await variant_of(house), house.services.costs
    packer = await house.join("Budi", 4712, Role.PACKER)
    with pytest.raises(NotAllowed):
        await costs.set(packer, variant, money(1))
    for amount in (money(-1), money("0.5"), money(10**12)):
        with pytest.raises(InputError, match="cost_amount"):
            await costs.set(house.owner, variant, amount)
    with pytest.raises(NotFound):
        await costs.set(house.owner, variant, money(3, "SGD"))
    stranger = await house.found("Tini", 4799)
    with pytest.raises(NotFound):
        await costs.set(stranger, variant, money(1))


async def test_a_price_card_says_what_is_kept_of_one_before_and_after(house: House) -> None:
    shop, truth = await opened(house)
    await paid_out(house, shop, truth)
    variant = await variant_of(house)
    before = await house.services.prices.propose(house.owner, variant, Decimal(119_000), "a")
    assert before.prices[0].keeps is None
    await house.services.costs.set(house.owner, variant, money(90_000))
    priced = await house.services.prices.proposal(house.owner, before.id)
    # A tenth and 1,000 are taken: of 129,000 and of 119,000.
    assert priced.prices[0].keeps == (money(25_100), money(16_100))


# Home and the message of new orders


async def test_home_adds_up_what_is_kept_of_todays_orders(house: House) -> None:
    shop, truth = await opened(house)
    await paid_out(house, shop, truth)
    await house.services.costs.set(house.owner, await variant_of(house), money(30_000))
    orders = [order_snapshot(f"260302TODAY00{at}", lines=(line(quantity=at + 1),)) for at in range(3)]
    await sell(house, shop, truth, *orders)
    cards = [await card_of(house, each.external_id) for each in orders]
    home = await house.services.home.today(house.owner)
    assert (home.orders_today, home.kept_orders) == (3, 3)
    assert home.kept == (money(sum(int(each.kept.amount) for each in cards if each and each.kept)),)
    assert home.kept == (money(6 * 100_000 - 60_000 - 3_000 - 6 * 30_000),)
    await sell(house, shop, truth, order_snapshot("260302CABLE001", lines=(line(CABLE),)))
    home = await house.services.home.today(house.owner)
    assert (home.orders_today, home.kept_orders) == (4, 3)


# Reading


async def test_past_is_read_a_part_at_a_time_and_each_order_once(
    sqlite_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = sqlite_house
    shop, truth = await opened(house)
    monkeypatch.setattr(settlements, "ORDERS_A_RUN", 50)
    orders = [done(f"2602{at:010}") for at in range(120)]
    await sell(house, shop, truth, *orders)
    for each in orders:
        house.bazaar.settlements.release(each.external_id, NOW - DAY)
    house.bazaar.settlements.release("2602NOTOURS001", NOW - DAY)
    reads: Sequence[int] = []
    house.clock.advance(HOUR)
    for _ in range(4):
        house.clock.advance(timedelta(seconds=3))
        reads = [*reads, await house.services.settlements.poll_due(shop.id)]
    assert reads == [50, 50, 20, 0]
    assert house.bazaar.calls["fetch_settlements"] == 3 + 3 + 1
    house.clock.advance(2 * HOUR)
    assert await house.services.settlements.poll_due(shop.id) == 0


async def test_reading_waits_for_the_first_import_and_for_what_a_platform_can(sqlite_house: House) -> None:
    house = sqlite_house
    house.bazaar.add_shop()
    shop = await house.link()
    assert await house.services.settlements.poll_due(shop.id) == 0
    assert house.bazaar.calls["released"] == 0
    assert (await mark_of(house, shop)).next_due == house.clock() + settlements.UNTIL_IMPORTED
    await house.services.sync.backfill(shop.id)
    info = house.bazaar.platform.info
    dumb = replace(house.bazaar.platform, info=replace(info, can=info.can - {Can.READ_SETTLEMENTS}))
    house.bazaar.platform = dumb
    house.clock.advance(HOUR)
    assert await house.another().settlements.poll_due(shop.id) == 0
    assert house.bazaar.calls["released"] == 0


async def test_failed_reading_waits_longer_and_loses_nothing(sqlite_house: House) -> None:
    house = sqlite_house
    shop, truth = await opened(house)
    await sell(house, shop, truth, done("2602DONE000001"))
    house.bazaar.settlements.release("2602DONE000001", NOW - DAY)
    down = PlatformUnavailable(platform="bazaar", operation="fetch_settlements")
    busy = RateLimited(platform="bazaar", operation="released", retry_after_s=600)
    house.bazaar.fail("fetch_settlements", down)
    house.clock.advance(HOUR)
    assert await house.services.settlements.poll_due(shop.id) == 0
    mark = await mark_of(house, shop)
    assert (mark.failures, mark.next_due) == (1, house.clock() + timedelta(seconds=30))
    assert await house.services.settlements.poll_due(shop.id) == 0
    house.clock.advance(timedelta(minutes=1))
    house.bazaar.fail("released", busy)
    await house.services.settlements.poll_due(shop.id)
    assert (await mark_of(house, shop)).next_due == house.clock() + timedelta(minutes=10)
    house.clock.advance(HOUR)
    assert await house.services.settlements.poll_due(shop.id) == 1
    assert (await mark_of(house, shop)).failures == 0
