"""Low stock is told once for each level, on one message where several run low, and never lost."""

from datetime import time, timedelta

import pytest
from sqlalchemy import delete, select, update

from domain.alerts import Alert, Loudness, QuietHours
from domain.catalogue import ListingState
from domain.errors import InputError, NotAllowed, NotFound
from domain.events import EventKind
from domain.low_stock import Scarcity
from domain.orders import OrderStatus
from domain.people import Role
from domain.stock import Policy
from storage.tables.catalogue import variant
from storage.tables.chats import view
from storage.tables.low_stock import low_alert, stock_episode
from storage.tables.transit import outbox
from tests.factories import DAY, listing_snapshot, variant_snapshot
from tests.integration.services.house import House
from tests.integration.services.low import LampShop, next_event, told
from tests.integration.services.stocking import count

LOW, CRITICAL, OUT = Scarcity
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


async def test_three_levels_ring_once_each_and_a_refill_is_shown_on_all_their_messages(house: House) -> None:
    shop = await LampShop.open(house, 40)
    await shop.counts(10, alert_at=5)
    assert await shop.hears() == []
    rung = []
    for quantity in (5, 1, 3, 1):  # 5, 4, 1, 0 are left
        house.clock.advance(MINUTE)
        number = await shop.sells(quantity)
        rung += [told(card) for card in await shop.hears()]
    assert rung == [[("LAMP-0", 5, LOW)], [("LAMP-0", 1, CRITICAL)], [("LAMP-0", 0, OUT)]]
    await shop.cancels(number, 1)
    await shop.counts(15)  # nine of these are promised: not far enough above
    house.clock.advance(MINUTE)
    assert await shop.hears() == []
    shop.edits()
    await shop.counts(60)
    house.clock.advance(MINUTE)
    assert await shop.hears() == []
    assert {tuple(told(card)) for card in shop.edits()} == {(("LAMP-0", 51, None),)}
    await shop.sells(48)
    [again] = await shop.hears()
    assert told(again) == [("LAMP-0", 3, LOW)]


async def test_what_runs_low_in_one_moment_is_one_message(house: House) -> None:
    shop = await LampShop.open(house, 40, 40, 40, 40)
    for at in range(4):
        await shop.counts(10, at, alert_at=5)
    await shop.sells(6, 9, 10, 1)
    [card] = await shop.hears()
    assert told(card) == [("LAMP-2", 0, OUT), ("LAMP-1", 1, CRITICAL), ("LAMP-0", 4, LOW)]
    page = await house.services.low_stock.page(house.owner)
    assert (page.total, page.out) == (3, 1)
    assert [row.sku for row in page.rows] == ["LAMP-2", "LAMP-1", "LAMP-0"]
    stock = await house.services.stock.page(house.owner, "")
    marked = {row.sku: row.scarcity for row in stock.rows}
    assert marked == {"LAMP-0": LOW, "LAMP-1": CRITICAL, "LAMP-2": OUT, "LAMP-3": None}
    assert stock.low == 3


async def test_after_five_sounds_the_next_ones_gather(house: House) -> None:
    shop = await LampShop.open(house, *[40] * 8)
    for at in range(8):
        await shop.counts(10, at, alert_at=5)
    sounds = []
    for at in range(8):
        house.clock.advance(MINUTE)
        await shop.sells(*[0] * at, 6)
        sounds += await shop.hears()
    assert [len(card.rows) for card in sounds] == [1, 1, 1, 1, 1]
    house.clock.advance(7 * MINUTE)
    assert await shop.hears() == []
    house.clock.advance(MINUTE)
    [late] = await shop.hears()
    assert sorted(row.sku for row in late.rows) == [f"LAMP-{at}" for at in range(5, 8)]
    house.clock.advance(DAY)
    assert await shop.hears() == []


async def test_changes_within_a_level_are_edits_of_its_message_at_a_distance(house: House) -> None:
    shop = await LampShop.open(house, 40)
    await shop.counts(40, alert_at=30)
    await shop.sells(10)
    [card] = await shop.hears()
    for _ in range(15):
        await shop.sells(1)
        await shop.hears()
        house.clock.advance(2 * SECOND)
    house.clock.advance(10 * SECOND)
    await shop.hears()
    edits = shop.edits()
    assert {each.alert_id for each in edits} == {card.alert_id}
    assert 2 <= len(edits) <= 5
    assert told(edits[-1]) == [("LAMP-0", 15, LOW)]


async def test_an_edit_that_got_lost_is_planned_anew(house: House) -> None:
    shop = await LampShop.open(house, 40)
    await shop.counts(40, alert_at=30)
    await shop.sells(10)
    await shop.hears()
    await shop.sells(1)
    merged = update(outbox).where(outbox.c.state == "pending").values(state="merged")
    await house.database.write(lambda conn: conn.execute(merged), "t")  # as a restored backup does
    house.clock.advance(61 * MINUTE)
    await shop.sells(1)
    assert await shop.hears() == []
    assert told(shop.edits()[-1]) == [("LAMP-0", 28, LOW)]


async def test_message_whose_sending_was_cut_off_is_sent_again(house: House) -> None:
    shop = await LampShop.open(house, 40)
    await shop.counts(10, alert_at=5)
    await shop.sells(6)
    while item := await next_event(house, house.owner):
        if item.kind is EventKind.STOCK_LOW:
            break
        await house.services.outbox.sent(item, 7)
    assert item
    alert_id = await house.services.low_stock.gather(item)
    house.clock.advance(2 * MINUTE)  # the lease runs out: the process was killed before it was sent
    again = await next_event(house, house.owner)
    assert again
    assert (again.id, again.attempts) == (item.id, 2)
    assert alert_id
    assert await house.services.low_stock.gather(again) == alert_id


async def test_each_chat_hears_of_what_its_shops_sell(house: House) -> None:
    shop = await LampShop.open(house, 40)
    ann, elsewhere = await house.join("Ann", 4712, Role.VIEWER), await house.group()
    other = await house.link("600022")
    narrow = update(view).where(view.c.id == elsewhere.view.id).values(shops=other.id)
    await house.database.write(lambda conn: conn.execute(narrow), "t")
    await shop.counts(10, alert_at=5)
    await shop.sells(6)
    assert [len(await shop.hears(each)) for each in (house.owner, ann, elsewhere)] == [1, 1, 0]


async def test_what_was_sold_out_when_it_came_in_is_no_news_and_what_sells_out_is(house: House) -> None:
    shop = await LampShop.open(house, 0, 3)
    await house.services.low_stock.look(house.owner.seller_id)
    assert await shop.hears() == []
    for at in (0, 1):
        shop.truth.set_units("900001", 0, str(at))
    await house.services.sync.fetch_listings(shop.shop, ["900001"])
    [card] = await shop.hears()
    assert told(card) == [("LAMP-1", 0, OUT)]
    for units in (1, 0):  # one given back by a cancelled order is no refill
        shop.truth.set_units("900001", units, "1")
        await house.services.sync.fetch_listings(shop.shop, ["900001"])
    assert await shop.hears() == []


async def test_what_was_never_counted_is_watched_by_what_the_shops_show(house: House) -> None:
    shop = await LampShop.open(house, 9)
    await house.services.counts.set_alert(house.owner, await shop.variant(), 5)
    shop.truth.set_units("900001", 4)
    await house.services.sync.fetch_listings(shop.shop, ["900001"])
    [card] = await shop.hears()
    assert told(card) == [("LAMP-0", 4, LOW)]


async def test_without_a_threshold_five_days_of_sales_are_low(house: House) -> None:
    shop = await LampShop.open(house, 40)
    await shop.counts(40)
    rung = []
    for _ in range(30):
        house.clock.advance(DAY)
        await shop.sells(1)
        rung += [told(card) for card in await shop.hears()]
    assert rung == []
    for _ in range(10):
        house.clock.advance(DAY)
        await shop.sells(1)
        rung += [told(card) for card in await shop.hears()]
    assert rung == [[("LAMP-0", 5, LOW)], [("LAMP-0", 1, CRITICAL)], [("LAMP-0", 0, OUT)]]


async def test_a_threshold_rings_at_once_where_it_is_passed_already_and_is_taken_away(house: House) -> None:
    shop = await LampShop.open(house, 40)
    await shop.counts(10)
    variant_id, counts = await shop.variant(), house.services.counts
    await counts.set_alert(house.owner, variant_id, 12)
    assert [told(card) for card in await shop.hears()] == [[("LAMP-0", 10, LOW)]]
    await counts.set_alert(house.owner, variant_id, None)
    assert (await house.services.low_stock.page(house.owner)).total == 0
    with pytest.raises(InputError, match="stock_number"):
        await counts.set_alert(house.owner, variant_id, 1_000_001)
    with pytest.raises(NotAllowed):
        await counts.set_alert(await house.join("Dewi", 4713, Role.VIEWER), variant_id, 3)
    with pytest.raises(NotFound, match="variant_unknown"):
        await counts.set_alert(await house.found("Tini", 4750), variant_id, 3)
    assert (await house.audited()).count("stock.alert_at") == 2


async def test_the_clock_finds_what_nobody_noticed_and_ends_what_is_calm(house: House) -> None:
    shop = await LampShop.open(house, 40)
    await shop.counts(10, alert_at=5)
    await shop.sells(6)

    async def forget() -> None:
        for table in (stock_episode, outbox):
            await house.database.write(lambda conn, table=table: conn.execute(delete(table)), "t")  # type: ignore[misc]

    await forget()
    assert await house.services.low_stock.look_due() == 1
    assert await house.services.low_stock.look_due() == 0
    [card] = await shop.hears()
    assert told(card) == [("LAMP-0", 4, LOW)]
    await shop.counts(12)  # six of these are promised: one above the threshold
    for _ in range(49):
        house.clock.advance(30 * MINUTE)
        await house.services.low_stock.look_due()
    assert (await house.services.low_stock.page(house.owner)).total == 0
    assert await shop.hears() == []


@pytest.mark.parametrize("policy", [Policy.MADE_TO_ORDER, Policy.UNMANAGED])
async def test_what_nobody_keeps_rings_nothing(sqlite_house: House, policy: Policy) -> None:
    shop = await LampShop.open(sqlite_house, 40)
    values = update(variant).values(stock_policy=policy, alert_at=5)
    await sqlite_house.database.write(lambda conn: conn.execute(values), "t")
    await shop.counts(2)
    await shop.sells(2)
    await sqlite_house.services.low_stock.look(sqlite_house.owner.seller_id)
    assert await shop.hears() == []


async def test_it_is_as_loud_as_chosen_and_a_snooze_lasts_a_day(house: House) -> None:
    shop = await LampShop.open(house, 40)
    await shop.counts(40, alert_at=5)
    await shop.hears()
    alerts, loud = house.services.alerts, []

    async def sold_out() -> None:
        await shop.sells(40)
        while item := await next_event(house, house.owner):
            loud.extend([item.loudness] if item.kind is EventKind.STOCK_LOW else [])
            await house.services.outbox.sent(item, 7)
        house.clock.advance(MINUTE)
        await shop.counts(40 * (len(loud) + 1))

    await sold_out()
    await alerts.be_quiet(house.owner, QuietHours(time(0), time(23, 59)))
    await sold_out()
    await alerts.be_quiet(house.owner, None)
    await alerts.snooze(house.owner, Alert.LOW_STOCK)
    house.clock.advance(23 * timedelta(hours=1))
    await sold_out()
    house.clock.advance(timedelta(hours=1))
    await sold_out()
    await alerts.choose(house.owner, Alert.LOW_STOCK, Loudness.DROP)
    await sold_out()
    sound, silent = Loudness.SOUND, Loudness.SILENT
    assert loud == [sound, silent, silent, sound, Loudness.DROP]


async def test_an_edit_in_the_shop_is_looked_at_too(sqlite_house: House) -> None:
    house = sqlite_house
    shop = await LampShop.open(house, 40)
    for units in (41, 12):
        await shop.counts(units, alert_at=10)
        await house.services.stock_pushes.push(shop.shop.id)
    shop.truth.set_units("900001", 10)
    await house.services.sync.fetch_listings(shop.shop, ["900001"])
    for _ in range(3):
        await house.services.stock_pushes.push(shop.shop.id)
        house.clock.advance(2 * MINUTE)
    assert [told(card) for card in await shop.hears()] == [[("LAMP-0", 10, LOW)]]


async def test_messages_go_with_time_once_all_on_them_is_refilled(sqlite_house: House) -> None:
    house = sqlite_house
    shop = await LampShop.open(house, 40, 40)
    for at in (0, 1):
        await shop.counts(10, at, alert_at=5)
        await shop.sells(*[0] * at, 6)
        await shop.hears()
    await shop.counts(40)
    house.clock.advance(31 * DAY)
    assert (await house.services.retention.once())["low_alerts"] == 1
    left = await house.database.read(lambda conn: conn.scalars(select(low_alert.c.id)).all())
    assert len(left) == 1
    with pytest.raises(NotFound, match="alert_unknown"):
        await house.services.low_stock.alert((await house.found("Tini", 4750)).seller_id, left[0])


async def test_a_lamp_that_left_the_shops_is_no_longer_low(sqlite_house: House) -> None:
    house = sqlite_house
    shop = await LampShop.open(house, 40)
    await shop.counts(3, alert_at=5)
    assert len(await shop.hears()) == 1
    now = house.clock()
    lamp = variant_snapshot(sku="LAMP-0", available=3)
    shop.truth.list(listing_snapshot("900001", lamp, state=ListingState.BANNED, updated_at=now))
    await house.services.sync.fetch_listings(shop.shop, ["900001"])
    await count(house, 2, variant_id=await _first(house))
    assert (await house.services.low_stock.page(house.owner)).total == 0


async def _first(house: House) -> str:
    query = select(variant.c.id).where(variant.c.sku == "LAMP-0")
    return str(await house.database.read(lambda conn: conn.scalar(query)))


async def test_shipped_orders_do_not_count_twice(sqlite_house: House) -> None:
    shop = await LampShop.open(sqlite_house, 40)
    await shop.counts(10, alert_at=5)
    await shop.sells(5, status=OrderStatus.SHIPPED)
    assert [told(card) for card in await shop.hears()] == [[("LAMP-0", 5, LOW)]]
