"""What waits for a promotion, in the chat: said on its card, called off by a button, told when it went through."""

from dataclasses import replace

import pytest

from bot.callbacks import Place, pack
from domain.changes import ChangeState
from domain.locks import STOCK_LOCKED
from domain.stock import ShownState
from services.locks import Freed, LockEnd
from tests.fakes.services import FakeServices
from tests.unit.bot import records as r
from tests.unit.bot.desk import Desk
from tests.unit.bot.screens_locks import ELEVEN, held
from tests.unit.bot.screens_stock import LISTED, kept, shown
from tests.unit.bot.test_events import told

LAMP, ASKED = "beefbeefbeefbeef", "9090909090909090"
ENDED = {"shop_id": "s", "until": "2026-11-11T16:59:00+00:00", "since": "2026-11-11T16:59:01+00:00"}
OFF = "Do not send what waits"
WAITS = shown(
    ShownState.LOCKED, reason=STOCK_LOCKED, target=7, locked_since=r.at(-1), locked_until=r.at(9.9), due_at=r.at(9.9)
)  # fmt: skip


@pytest.fixture
def services() -> FakeServices:
    made = FakeServices()
    made.stock.variants = {LAMP: r.variant_card()}
    made.counts.kept = {LAMP: kept(shops={LISTED: WAITS}, live=None)}
    made.prices.proposals[ASKED] = r.proposal(held())
    return made


@pytest.fixture
def desk(services: FakeServices) -> Desk:
    return Desk(services)


async def test_a_price_that_waits_is_called_off_from_its_card(desk: Desk, services: FakeServices) -> None:
    await desk.presses_data(pack(Place.PROPOSAL, ASKED))
    assert "waits until 11.11 ends, 23:59; then it is sent" in desk.text
    await desk.presses(OFF)
    assert services.prices.proposals[ASKED].prices[0].change.state is ChangeState.REJECTED
    assert OFF not in desk.labels


async def test_stock_that_waits_is_called_off_from_its_card(desk: Desk, services: FakeServices) -> None:
    await desk.says("/price LED-12W-W")
    assert "Shopee: 7 waits until the promotion ends, 23:59" in desk.text
    off = replace(WAITS, state=ShownState.IDLE, reason="called_off")
    services.counts.then = [kept(shops={LISTED: off}, live=None)]
    await desk.presses(OFF)
    assert desk.chat.toasts[-1] == "Called off"


async def test_what_went_through_is_told_without_a_sound_and_nothing_else_is(services: FakeServices) -> None:
    (news,) = await told(services, "lock_ended", **ENDED)
    assert news.silent
    assert "1 change went through after the promotion" in news.screen.text
    services.locks.end = LockEnd(r.shop(), (), 1)
    assert await told(services, "lock_ended", **ENDED) == []


async def test_one_of_many_that_went_through_is_not_the_only_way_on(services: FakeServices) -> None:
    one = Freed(r.variant(), price=r.idr(26500), proposal_id=ASKED)
    for freed, first in (((one,), "Open"), ((one, one), "Stock")):
        services.locks.end = LockEnd(r.shop(), freed, 0)
        (news,) = await told(services, "lock_ended", **ENDED)
        assert news.screen.rows[0][0].text == first


async def test_a_price_that_was_not_sent_after_all_is_shown_anew_to_ask_again(services: FakeServices) -> None:
    moved = r.proposed(ChangeState.CONFLICT, seen_value=r.idr(27900))
    services.prices.proposals[ASKED] = r.proposal(
        replace(moved, shown=replace(moved.shown, promotion=ELEVEN))
    )
    (news,) = await told(services, "wait_failed", proposal_id=ASKED)
    assert (news.mode, news.silent) == ("send", False)
    assert "The shop's price is 27,900 now, not 29,000: nothing was sent" in news.screen.text
    assert news.screen.rows[0][0].text == "Ask again: 26,500"
