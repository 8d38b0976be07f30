"""One SKU in several shops: one variant with one stock, and nothing sent before somebody said that it is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.chats import Visitor
from domain.errors import Conflict, NotAllowed
from domain.money import Money
from domain.orders import OrderSnapshot, OrderStatus
from domain.people import Role
from domain.platform import ListingSnapshot
from domain.shops import Shop
from domain.tickets import Action
from services.namesakes import Twin
from services.sync import LISTINGS, ORDERS
from services.views import Pressed, PressResult, VariantRow
from storage.repositories import marks
from tests.factories import DAY, NOW, listing_snapshot, money, variant_snapshot
from tests.fakes.platform import FakeShop
from tests.integration.services.house import MESSAGE, House
from tests.integration.services.stocking import LAMP, count, later, level, numbers, order

HOUR = timedelta(hours=1)
SKU = "LAMP-12W"


def lamp(units: int = 40, sku: str = SKU, **changes: object) -> ListingSnapshot:
    return listing_snapshot(LAMP, variant_snapshot(available=units, sku=sku), **changes)


async def shop_with(
    house: House, external_id: str, *listings: ListingSnapshot, orders: Sequence[OrderSnapshot] = ()
) -> tuple[Shop, FakeShop]:
    """Link a shop that has sold already, and read it for the first time."""
    truth = house.bazaar.add_shop(external_id, name=f"Toko {external_id}")
    truth.list(*(listings or (lamp(),)))
    truth.place(*orders)
    shop = await house.link(external_id)
    await house.services.sync.backfill(shop.id)
    return shop, truth


async def rows(house: House) -> tuple[VariantRow, ...]:
    return (await house.services.stock.page(house.owner, "")).rows


async def twin(house: House, variant_id: str) -> Twin | None:
    stock = await house.services.counts.of(house.owner.seller_id, variant_id, house.owner.view.id)
    assert stock
    return stock.twin


async def answer(house: House, source: str, action: Action, by: Visitor | None = None) -> Pressed:
    visitor = by or house.owner
    token = await house.services.buttons.token(visitor.view.id, action, source, 1, Role.MANAGER)
    return await house.services.buttons.press(visitor, token, MESSAGE)


async def push(house: House, *shops: Shop) -> None:
    for shop in shops:
        await house.services.stock_pushes.push(shop.id)


async def test_a_sku_in_three_shops_is_one_stock_that_a_sale_in_one_lowers_in_all(house: House) -> None:
    made = [
        await shop_with(house, "600011", lamp(40)),
        await shop_with(house, "600012", lamp(20, "lamp-12w")),
        await shop_with(house, "600013", lamp(30)),
    ]
    shops, truths = [shop for shop, _ in made], [truth for _, truth in made]
    (row,) = await rows(house)
    assert (row.shops, row.shop_name, row.available, row.listed) == (3, "", 20, money(129000))
    assert len(await house.services.stock.by_sku(house.owner, SKU)) == 1
    card = await house.services.stock.card(house.owner, row.variant_id)
    assert [each.shown.available for each in card.shown] == [40, 20, 30]
    await push(house, *shops)
    assert house.bazaar.calls["push_stock"] == 0, "joined, and nothing is sent by that"
    await count(house, 20, variant_id=row.variant_id)
    await push(house, *shops)
    assert [truth.units(LAMP) for truth in truths] == [20, 20, 20]
    house.clock.advance(HOUR)
    truths[1].set_units(LAMP, 17)
    truths[1].place(order("26SOLD0001", OrderStatus.TO_SHIP, 3, house.clock()))
    await house.services.sync.poll(shops[1].id, ORDERS)
    assert set(await house.services.stock_pushes.due()) == {shop.id for shop in shops}
    await push(house, *shops)
    assert [truth.units(LAMP) for truth in truths] == [17, 17, 17]
    assert numbers(await level(house, row.variant_id)) == (20, 3, 17)
    proposal = await house.services.prices.propose(house.owner, row.variant_id, Decimal(119000), "p1")
    assert {each.shop.id for each in proposal.prices} == {shop.id for shop in shops}


@dataclass
class Street:
    """Two shops: the first one's lamp was counted, the second, which has sold it for a while, came later."""

    house: House
    counted: str
    first: Shop
    truth: FakeShop
    second: Shop
    other: FakeShop
    open_order: OrderSnapshot

    @property
    def units(self) -> tuple[int, int]:
        return self.truth.units(LAMP), self.other.units(LAMP)

    async def level(self) -> tuple[int, int, int]:
        return numbers(await level(self.house, self.counted))

    async def push(self) -> None:
        await push(self.house, self.first, self.second)


async def street(house: House) -> Street:
    """Open it two days after the count of ten, two of which are promised since."""
    first, truth = await shop_with(house, "600011")
    (row,) = await rows(house)
    await count(house, 10, variant_id=row.variant_id)
    await push(house, first)
    house.clock.advance(2 * DAY)
    now = house.clock()
    truth.set_units(LAMP, 8)
    truth.place(order("26A0001", OrderStatus.TO_SHIP, 2, now - HOUR))
    await house.services.sync.poll(first.id, ORDERS)
    open_order = order("26B0002", OrderStatus.TO_SHIP, 1, NOW - DAY)
    orders = [
        order("26B0001", OrderStatus.COMPLETED, 5, now - DAY, placed_at=NOW - DAY),
        open_order,
        order("26B0003", OrderStatus.SHIPPED, 2, now - HOUR, placed_at=now - DAY),
        order("26B0004", OrderStatus.CANCELLED, 4, now - HOUR, placed_at=now - DAY),
    ]
    second, other = await shop_with(house, "600012", orders=orders)
    return Street(house, row.variant_id, first, truth, second, other, open_order)


async def test_what_joins_a_counted_variant_waits_for_a_persons_word(house: House) -> None:
    here = await street(house)
    found = {each.shop_name: each.available for each in await rows(house)}
    assert found == {"Toko 600011": 8, "Toko 600012": 40}
    house.clock.advance(HOUR)
    here.other.set_units(LAMP, 39, at=house.clock())
    here.other.place(order("26B0005", OrderStatus.UNPAID, 1, house.clock()))
    await house.services.sync.poll(here.second.id, ORDERS)
    await house.services.sync.poll(here.second.id, LISTINGS)
    await here.push()
    assert (here.units, await here.level()) == ((8, 39), (10, 2, 8))
    asked = await twin(house, here.counted)
    assert asked
    assert (asked.shop.id, asked.units, asked.to_show, asked.is_counted) == (here.second.id, 39, 4, True)
    packer = await house.join("Budi", 4712, Role.PACKER)
    with pytest.raises(NotAllowed):
        await answer(house, asked.source, Action.SAME_PRODUCT, packer)


async def test_the_word_opens_a_listing_as_a_first_count_does_and_counts_each_order_once(
    house: House,
) -> None:
    here = await street(house)
    asked = await twin(house, here.counted)
    assert asked
    pressed = await answer(house, asked.source, Action.SAME_PRODUCT)
    assert pressed == Pressed(PressResult.JOINED, here.counted)
    assert (here.units, await here.level()) == ((8, 40), (8, 3, 5)), "read before anything is sent"
    await here.push()
    assert here.units == (5, 5)
    with pytest.raises(Conflict):
        await answer(house, asked.source, Action.SAME_PRODUCT)
    house.clock.advance(HOUR)
    since = house.clock() - here.open_order.updated_at
    here.other.place(later(here.open_order, OrderStatus.SHIPPED, since))
    await house.services.sync.poll(here.second.id, ORDERS)
    await here.push()
    assert (here.units, await here.level()) == ((5, 5), (7, 2, 5))
    (only,) = await rows(house)
    assert (only.variant_id, only.shops) == (here.counted, 2)
    assert (await house.services.stock.card(house.owner, asked.source)).variant.id == here.counted
    assert "variant.joined" in await house.audited()


async def test_what_was_read_apart_before_joins_at_the_next_reading_and_loses_nothing(house: House) -> None:
    """Shops of an older release, or a SKU that was mended: floor, cost and old buttons go along."""
    first, _ = await shop_with(house, "600011")
    second, other = await shop_with(house, "600012", lamp(sku=""))
    mine, theirs = sorted(await rows(house), key=lambda each: each.shop_name)
    await house.services.prices.set_floor(house.owner, theirs.variant_id, Decimal(100000))
    await house.services.costs.set(house.owner, theirs.variant_id, money(70000))
    house.clock.advance(HOUR)
    other.list(lamp(35, updated_at=house.clock()))
    await house.services.sync.poll(second.id, LISTINGS)
    (row,) = await rows(house)
    assert (row.variant_id, row.shops, row.available) == (theirs.variant_id, 2, 35)
    card = await house.services.stock.card(house.owner, mine.variant_id)
    assert (card.variant.id, card.variant.floor, card.variant.sku) == (row.variant_id, money(100000), SKU)
    assert card.cost is not None
    assert card.cost.each == Money(Decimal(70000), "IDR")
    third, _ = await shop_with(house, "600013", lamp(sku=""))
    sold_apart = next(each for each in await rows(house) if each.shops == 1)
    await house.record(third, lamp(9))

    def never_matched(conn: object) -> None:
        marks.save(conn, third.id, LISTINGS, matched_at=None)  # type: ignore[arg-type]

    await house.database.write(never_matched, "t")
    await house.services.sync.poll(third.id, LISTINGS)
    (row,) = await rows(house)
    assert (row.shops, row.available) == (3, 9)
    await count(house, 9, variant_id=row.variant_id)
    again = await count(house, 9, variant_id=sold_apart.variant_id)
    assert again.variant_id == row.variant_id, "an old button leads to what stands for it"
    assert first.id != third.id


async def test_what_somebody_kept_apart_is_asked_no_more_and_never_joins(house: House) -> None:
    await shop_with(house, "600011")
    (row,) = await rows(house)
    await count(house, 10, variant_id=row.variant_id)
    second, other = await shop_with(house, "600012")
    asked = await twin(house, row.variant_id)
    assert asked
    assert await twin(house, asked.source) is None
    pressed = await answer(house, asked.source, Action.OTHER_PRODUCT)
    assert pressed == Pressed(PressResult.KEPT_APART, row.variant_id)
    assert await twin(house, row.variant_id) is None
    with pytest.raises(Conflict):
        await answer(house, asked.source, Action.SAME_PRODUCT)
    house.clock.advance(HOUR)
    other.list(lamp(12, updated_at=house.clock()))
    await house.services.sync.poll(second.id, LISTINGS)
    assert len(await rows(house)) == 2
