"""Pushes that were lost while nobody listened: taken in once, then confirmed, and asked for again in an hour."""

from datetime import timedelta

import pytest

from domain.errors import PlatformUnavailable, RequestRejected
from domain.notices import NoteKind
from domain.platform import Hint, HintKind, LostPushes, PushHealth, PushState
from domain.shops import PlatformApp
from storage import inbox
from tests.factories import HOUR
from tests.integration.services.house import House


def order_hint(number: int) -> Hint:
    return Hint(HintKind.ORDER, "600011", (f"2603A{number}",), f"3:600011:2603A{number}", "3")


async def stored(house: House) -> int:
    now = house.clock() + timedelta(hours=1)
    rows = await house.database.write(
        lambda conn: inbox.claim(conn, sources=["bazaar"], now=now, lease_s=1, limit=100), "t"
    )
    return len(rows)


async def test_lost_pushes_are_stored_once_and_then_confirmed(house: House) -> None:
    for number in range(5):
        house.bazaar.keep(order_hint(number))
    house.bazaar.keep(order_hint(0))  # a push may be lost twice
    assert await house.services.lost_pushes.recall(house.app.id) == 5
    assert house.bazaar.confirmed == ["2", "4", "6"]
    assert await stored(house) == 5
    assert await house.services.lost_pushes.recall(house.app.id) == 0


async def test_each_app_is_due_at_the_start_and_once_an_hour(house: House) -> None:
    lost = house.services.lost_pushes
    assert await lost.due() == [house.app.id]
    assert await lost.due() == []
    house.clock.advance(timedelta(hours=1))
    assert await lost.due() == [house.app.id]
    assert await lost.recall("another") == 0


@pytest.mark.parametrize("kind", [PlatformUnavailable, RequestRejected])
async def test_store_that_does_not_answer_changes_nothing(
    house: House, kind: type[PlatformUnavailable | RequestRejected]
) -> None:
    house.bazaar.keep(order_hint(1))
    told = house.bazaar.lost

    async def refuse(app: PlatformApp) -> LostPushes:
        raise kind(platform="bazaar", operation="lost")

    house.bazaar.lost = refuse  # type: ignore[method-assign]
    assert await house.services.lost_pushes.recall(house.app.id) == 0
    assert house.bazaar.confirmed == []
    house.bazaar.lost = told  # type: ignore[method-assign]
    assert await house.services.lost_pushes.recall(house.app.id) == 1


async def test_mark_that_does_not_move_ends_the_walk(house: House) -> None:
    async def same(app: PlatformApp) -> LostPushes:
        return LostPushes((order_hint(1),), "1", has_more=True)

    house.bazaar.lost = same  # type: ignore[method-assign]
    assert await house.services.lost_pushes.recall(house.app.id) == 1
    assert house.bazaar.confirmed == ["1"]


@pytest.mark.parametrize(
    ("state", "kind"), [(PushState.WARNING, NoteKind.PUSHES_FAIL), (PushState.SUSPENDED, NoteKind.PUSHES_OFF)]
)
async def test_the_host_hears_once_of_pushes_that_fail_or_are_off(
    house: House, state: PushState, kind: NoteKind
) -> None:
    host, since = house.services.host, house.clock()
    for _ in range(3):
        house.bazaar.push_state = PushHealth(state, since)
        await house.services.lost_pushes.recall(house.app.id)
        await host.flush()
        house.clock.advance(HOUR)
    assert [note.kind for note in await host.waiting()] == [kind]
    house.bazaar.push_state = PushHealth(PushState.NORMAL)
    await house.services.lost_pushes.recall(house.app.id)
    house.bazaar.push_state = PushHealth(state, house.clock())
    await house.services.lost_pushes.recall(house.app.id)
    await host.flush()
    assert [note.kind for note in await host.waiting()] == [kind, kind]  # another time it began
