"""What a view hears: chosen by its people, and decided when an event is taken up to be told."""

from datetime import time, timedelta

import pytest
import pytest_asyncio

from domain.alerts import Alert, Loudness, QuietHours
from domain.errors import NotAllowed
from domain.orders import OrderStatus
from domain.people import Role
from tests.factories import DAY, order_snapshot
from tests.integration.services.house import House

ALL_DAY = QuietHours(time(0), time(23, 59))


async def _loudness(house: House) -> list[Loudness]:
    items = [item for item in await house.services.outbox.claim() if item.kind == "order_placed"]
    for item in items:
        await house.services.outbox.sent(item, 1)
    return [item.loudness for item in items]


async def _sell(house: House, number: str, courier: str = "J&T Express") -> None:
    [shop] = await house.services.shops.list_shops(house.owner)
    placed = order_snapshot(
        number, OrderStatus.TO_SHIP, placed_at=house.clock() + DAY, courier=courier, parcels=()
    )
    await house.services.orders.record(shop, [placed])


@pytest_asyncio.fixture(loop_scope="session")
async def shop_house(house: House) -> House:
    await house.link()
    return house


async def test_choices_are_kept_and_decide_what_is_told(shop_house: House) -> None:
    house, alerts = shop_house, shop_house.services.alerts
    for number, choice in enumerate(Loudness):
        chosen = await alerts.choose(house.owner, Alert.NEW_ORDERS, choice)
        assert chosen == await alerts.preferences(house.owner)
        await _sell(house, f"N{number}")
        assert await _loudness(house) == [choice]


async def test_quiet_hours_hush_all_but_the_fastest(shop_house: House) -> None:
    house, alerts = shop_house, shop_house.services.alerts
    await alerts.be_quiet(house.owner, ALL_DAY)
    await _sell(house, "N1")
    assert await _loudness(house) == [Loudness.SILENT]
    await _sell(house, "N2", "SPX Instant")
    assert await _loudness(house) == [Loudness.SOUND]
    assert (await alerts.be_quiet(house.owner, None)).quiet is None
    await _sell(house, "N3")
    assert await _loudness(house) == [Loudness.SOUND]


async def test_a_snooze_ends_by_the_clock_or_by_hand(shop_house: House) -> None:
    house, alerts = shop_house, shop_house.services.alerts
    await alerts.snooze(house.owner, Alert.NEW_ORDERS)
    await _sell(house, "N1")
    assert await _loudness(house) == [Loudness.SILENT]
    house.clock.advance(timedelta(minutes=61))
    await _sell(house, "N2")
    assert await _loudness(house) == [Loudness.SOUND]
    await alerts.snooze(house.owner, Alert.NEW_ORDERS)
    await alerts.wake(house.owner, Alert.NEW_ORDERS)
    await _sell(house, "N3")
    assert await _loudness(house) == [Loudness.SOUND]


@pytest.mark.parametrize("alert", [Alert.APPROVALS, Alert.CUT_OFF])
async def test_what_waits_for_a_person_cannot_be_off(sqlite_house: House, alert: Alert) -> None:
    with pytest.raises(NotAllowed, match="alert_needed"):
        await sqlite_house.services.alerts.choose(sqlite_house.owner, alert, Loudness.DROP)


async def test_a_group_is_set_by_its_managers_and_apart_from_private_chats(house: House) -> None:
    group, alerts = await house.group(), house.services.alerts
    capped = await house.group(thread_id=7, role_cap=Role.PACKER)
    with pytest.raises(NotAllowed, match="role"):
        await alerts.be_quiet(capped, ALL_DAY)
    await alerts.be_quiet(group, ALL_DAY)
    assert (await alerts.preferences(house.owner)).quiet is None


async def test_everybody_sets_his_private_chat(sqlite_house: House) -> None:
    wati = await sqlite_house.join("Wati", 4713, Role.VIEWER)
    chosen = await sqlite_house.services.alerts.choose(wati, Alert.NEW_ORDERS, Loudness.SILENT)
    assert chosen.of(Alert.NEW_ORDERS) is Loudness.SILENT
