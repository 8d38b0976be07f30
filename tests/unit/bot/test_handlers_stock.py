"""Counting in the chat: a draft by a tap or typed, sent by a button, asked twice where it is far off."""

import pytest

from domain.people import Role
from domain.stock import ShownState
from services.views import ShownVariant
from tests.fakes.services import FakeServices
from tests.unit.bot import records as r
from tests.unit.bot.desk import Desk
from tests.unit.bot.screens_stock import LISTED, PLACES, UNCOUNTED, kept, place, shown

LAMP = "beefbeefbeefbeef"


@pytest.fixture
def services() -> FakeServices:
    made = FakeServices()
    made.stock.variants = {LAMP: r.variant_card()}
    made.counts.kept = {LAMP: kept()}
    return made


@pytest.fixture
def desk(services: FakeServices) -> Desk:
    return Desk(services)


async def test_a_tap_draws_up_a_count_and_sends_nothing(desk: Desk, services: FakeServices) -> None:
    await desk.says("/price LED-12W-W")
    await desk.presses("+1")
    assert "Draft: on hand 5 → 6" in desk.text
    assert desk.labels[:2] == ["Send 6", "Discard"]
    await desk.presses("+1")
    assert "Draft: on hand 5 → 7" in desk.text
    await desk.presses("Discard")
    assert "Draft" not in desk.text
    assert "Send 7" not in desk.labels


async def test_a_count_can_be_typed(desk: Desk, services: FakeServices) -> None:
    await desk.says("/price LED-12W-W")
    await desk.presses("Set…")
    await desk.says("a dozen")
    assert "a whole number" in desk.text
    await desk.says("1.200")
    assert "Draft: on hand 5 → 1,200" in desk.text


async def test_what_came_in_is_typed_with_a_plus(desk: Desk, services: FakeServices) -> None:
    await desk.says("/price LED-12W-W")
    await desk.presses("Set…")
    assert "<code>+20</code> adds what has just come in." in desk.text
    await desk.says("+ 1.200")
    assert "Draft: on hand 5 → 1,205</b> · 1,200 received" in desk.text


async def test_a_threshold_is_typed_and_ended(desk: Desk, services: FakeServices) -> None:
    await desk.says("/price LED-12W-W")
    await desk.presses("Alert at 5")
    await desk.says("3")
    assert "Alert at 3" in desk.labels
    await desk.presses("Alert at 3")
    await desk.says("off")
    assert "Alert at…" in desk.labels


async def test_what_a_shop_took_while_the_card_was_on_its_way_is_shown(
    desk: Desk, services: FakeServices
) -> None:
    """The shop may be faster than the chat, whose messages wait for their turn: then no event finds a card."""
    waiting = kept(live=None, shops={LISTED: shown(ShownState.SENDING, target=7)}, version=9)
    services.counts.kept[LAMP] = waiting
    services.counts.then = [kept(version=11)]
    await desk.says("/price LED-12W-W")
    assert "shown in 1 shop" in desk.text
    assert desk.screen.version == 11


async def test_history_is_a_page_of_its_own(desk: Desk) -> None:
    await desk.says("/price LED-12W-W")
    await desk.presses("History")
    assert desk.text.startswith("<b>Stock history</b>")
    assert "−2 sold · …AB12X" in desk.text


async def test_a_viewer_sees_the_ledger_and_no_buttons_that_count(services: FakeServices) -> None:
    desk = Desk(services, r.visitor(Role.VIEWER))
    await desk.says("LED-12W-W")
    assert "On hand 5 · promised 2" in desk.text
    assert not {"+1", "Set…", "Alert at 5"} & set(desk.labels)


async def test_what_was_never_counted_says_so(desk: Desk, services: FakeServices) -> None:
    services.counts.kept[LAMP] = UNCOUNTED
    await desk.says("/price LED-12W-W")
    assert "Not counted yet" in desk.text
    assert (desk.screen.subject, "History" in desk.labels) == ("", False)


async def test_where_no_platform_takes_stock_there_are_no_buttons(desk: Desk, services: FakeServices) -> None:
    services.counts.kept.clear()
    await desk.says("/price LED-12W-W")
    assert desk.labels == ["Change price", "Copy SKU", "Back", "Home"]


async def test_what_runs_low_is_reached_from_the_list_and_from_a_group(
    desk: Desk, services: FakeServices
) -> None:
    await desk.says("/start low")
    assert "Running out: 1 product" in desk.text
    await desk.presses("1 · LED-12W-W")
    assert "On hand 5 · promised 2" in desk.text
    await desk.presses_data("n1:low:1")
    await desk.presses("Back")
    assert "Stock:" in desk.text


async def test_low_stock_is_hushed_for_a_day(desk: Desk) -> None:
    await desk.says("/alerts")
    await desk.presses_data("n1:snooze:low_stock")
    assert desk.chat.toasts[-1] == "Silent for a day"


async def test_some_are_kept_back_by_a_typed_number(desk: Desk) -> None:
    await desk.says("/price LED-12W-W")
    await desk.presses("How it is kept…")
    assert "Nothing is kept back" in desk.text
    assert {"Make it to order", "Leave it to the shops"} < set(desk.labels)
    await desk.presses("Keep some back…")
    await desk.says("2")
    assert "Every shop shows 2 less" in desk.text
    await desk.presses("Back")
    assert "keeps 2 back" in desk.text


async def test_who_may_not_choose_reads_how_it_is_kept(services: FakeServices) -> None:
    desk = Desk(services, r.visitor(Role.PACKER))
    await desk.says("/price LED-12W-W")
    await desk.presses("How it is kept…")
    assert desk.labels == ["Back", "Home"]


async def test_one_location_is_counted_and_the_rest_stays(desk: Desk, services: FakeServices) -> None:
    services.stock.variants = {LAMP: r.variant_card(ShownVariant(r.shop(), r.listed(places=PLACES)))}
    services.placing.there = (place(0), place(1))
    await desk.says("/price LED-12W-W")
    await desk.presses("By location…")
    assert "17 in 2 locations" in desk.text
    await desk.presses("Set Bandung…")
    assert "The shop shows 5 there." in desk.text
    await desk.says("a few")
    assert "a whole number" in desk.text
    await desk.says("8")
    assert "Draft: on hand 5 → 8</b> · Bandung 5 → 8" in desk.text
    assert desk.labels[:2] == ["Send 8", "Discard"]
    services.placing.there = ()
    await desk.presses("By location…")
    assert "No shop keeps it at several locations any more." in desk.text
