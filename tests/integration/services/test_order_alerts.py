"""New orders gather on one message: which rings, which waits for an edit, and that none is missing."""

from datetime import timedelta

import pytest
import pytest_asyncio

from domain.chats import Visitor
from domain.errors import NotFound
from domain.events import EventKind
from domain.orders import OrderStatus
from domain.shops import Shop
from services.order_alerts import PAGE
from services.outbox import OutboxItem
from tests.factories import order_snapshot
from tests.integration.services.house import House

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest_asyncio.fixture(loop_scope="session")
async def shop(house: House) -> Shop:
    return await house.link()


async def _placed(house: House, shop: Shop, *numbers: str, status: OrderStatus = OrderStatus.TO_SHIP) -> None:
    now = house.clock()
    seen = [
        order_snapshot(number, status=status, placed_at=now, paid_at=now, updated_at=now)
        for number in numbers
    ]
    await house.services.orders.record(shop, seen)


async def _next(house: House) -> OutboxItem | None:
    items = [item for item in await house.services.outbox.claim() if item.view.id == house.owner.view.id]
    return items[0] if items else None


async def _told(house: House) -> list[tuple[EventKind, tuple[str, bool] | None]]:
    """Work off what is due as the notifier does; return each event and what became of it."""
    told = []
    while item := await _next(house):
        became = None
        if item.kind is EventKind.ORDER_PLACED:
            became = await house.services.order_alerts.gather(item)
        elif item.kind is EventKind.ORDER_ALERT_GREW:
            page = await house.services.order_alerts.take_edit(item.view.seller_id, item.payload["alert_id"])
            became = (page.alert.id, False)
        await house.services.outbox.sent(item, 7)
        told.append((item.kind, became))
    return told


async def _numbers(house: House, visitor: Visitor, alert_id: str) -> list[str]:
    """Turn all pages, as a person does; return the numbers of all orders."""
    first = await house.services.order_alerts.page(visitor, alert_id, 1)
    pages = [await house.services.order_alerts.page(visitor, alert_id, at + 1) for at in range(first.pages)]
    return [row.number for page in pages for row in page.rows]


async def test_first_order_rings_and_the_next_ones_are_put_on_its_message(house: House, shop: Shop) -> None:
    await _placed(house, shop, "A1")
    [(kind, rung)] = await _told(house)
    assert kind is EventKind.ORDER_PLACED
    assert rung is not None
    alert_id, is_new = rung
    assert is_new
    house.clock.advance(10 * SECOND)
    await _placed(house, shop, "A2", "A3")
    assert await _told(house) == [
        (EventKind.ORDER_PLACED, None),
        (EventKind.ORDER_ALERT_GREW, (alert_id, False)),
    ]
    assert sorted(await _numbers(house, house.owner, alert_id)) == ["A1", "A2", "A3"]


async def test_edits_keep_their_distance_and_the_last_one_shows_all(house: House, shop: Shop) -> None:
    await _placed(house, shop, "A0")
    [(_, rung)] = await _told(house)
    assert rung is not None
    edits = 0
    for number in range(1, 301):
        house.clock.advance(0.2 * SECOND)
        await _placed(house, shop, f"B{number}")
        edits += sum(kind is EventKind.ORDER_ALERT_GREW for kind, _ in await _told(house))
    house.clock.advance(30 * SECOND)
    edits += sum(kind is EventKind.ORDER_ALERT_GREW for kind, _ in await _told(house))
    assert 2 <= edits <= 6
    assert len(set(await _numbers(house, house.owner, rung[0]))) == 301


async def test_five_quiet_minutes_or_an_hour_bring_a_new_message(house: House, shop: Shop) -> None:
    await _placed(house, shop, "A1")
    await _told(house)
    house.clock.advance(5 * MINUTE)
    await _placed(house, shop, "A2")
    [(_, rung)] = await _told(house)
    assert rung is not None
    assert rung[1]
    news = 0
    for number in range(30):
        house.clock.advance(4 * MINUTE)
        await _placed(house, shop, f"B{number}")
        news += sum(became is not None and became[1] for _, became in await _told(house))
    assert news == 2


async def test_what_waited_long_is_one_message_with_its_cancellations(house: House, shop: Shop) -> None:
    await _placed(house, shop, *(f"A{number}" for number in range(200)))
    house.clock.advance(MINUTE)
    await _placed(house, shop, *(f"A{number}" for number in range(20)), status=OrderStatus.CANCELLED)
    house.clock.advance(timedelta(hours=24))
    told = await _told(house)
    assert [became and became[1] for _, became in told] == [True]
    assert told[0][1] is not None
    page = await house.services.order_alerts.page(house.owner, told[0][1][0], 1)
    assert (page.alert.count, page.cancelled, len(page.rows)) == (200, 20, PAGE)


async def test_message_whose_sending_was_cut_off_is_sent_again(house: House, shop: Shop) -> None:
    await _placed(house, shop, "A1")
    item = await _next(house)
    assert item is not None
    rung = await house.services.order_alerts.gather(item)
    house.clock.advance(2 * MINUTE)  # the lease runs out: the process was killed before it was sent
    again = await _next(house)
    assert again is not None
    assert again.attempts == 2
    assert await house.services.order_alerts.gather(again) == rung


async def test_each_view_has_messages_of_its_own(house: House, shop: Shop) -> None:
    ann = await house.join("Ann", 4712, house.owner.role)
    await _placed(house, shop, "A1")
    items = await house.services.outbox.claim()
    gathered = [await house.services.order_alerts.gather(item) for item in items]
    assert {item.view.id for item in items} == {house.owner.view.id, ann.view.id}
    assert len({each[0] for each in gathered if each}) == 2


async def test_alert_of_another_seller_is_unknown(house: House, shop: Shop) -> None:
    await _placed(house, shop, "A1")
    [(_, rung)] = await _told(house)
    assert rung is not None
    stranger = await house.found("Tini", 4750)
    with pytest.raises(NotFound, match="alert_unknown"):
        await house.services.order_alerts.page(stranger, rung[0], 1)
