"""An order cancelled, answered and noted on in the chat: asked in words, sent by a ticket, told on the card."""

import pytest

from domain.order_actions import ActionKind
from domain.orders import OrderStatus
from domain.people import Role
from tests.fakes.services import FakeServices
from tests.unit.bot import records as r
from tests.unit.bot.desk import Desk
from tests.unit.bot.test_events import told

ORDER = "0d0d0d0d0d0d0d0d"


@pytest.fixture
def services() -> FakeServices:
    made = FakeServices()
    made.orders.cards = {ORDER: r.order_card()}
    return made


async def test_an_order_is_cancelled_for_a_reason_by_one_worded_button(services: FakeServices) -> None:
    desk = Desk(services)
    await desk.says("/order AB12X")
    assert desk.labels[-4:] == ["Note…", "Cancel order…", "Back", "Home"]
    await desk.presses("Cancel order…")
    assert "Why is …\u200dAB12X to be cancelled?" in desk.text
    await desk.presses("Out of stock")
    assert "Cancel …\u200dAB12X?" in desk.text
    assert "3 pieces come back to your stock" in desk.text
    assert "Not fulfilled: 4.1% → 4.3%" in desk.text
    assert "My estimate" in desk.text
    await desk.presses("Cancel …AB12X: out of stock")
    assert desk.chat.toasts[-1] == "Sending"
    assert "⏳ Cancelling at Shopee" in desk.text
    assert "Cancel order…" not in desk.labels


async def test_a_refusal_is_said_in_our_words_with_the_way_to_try_again(services: FakeServices) -> None:
    desk = Desk(services)
    await desk.says("/order AB12X")
    await desk.presses("Cancel order…")
    await desk.presses("The buyer asked for it")
    await desk.presses("Cancel …AB12X: buyer asked")
    services.order_actions.end(ORDER, "reason_refused")
    [edit] = await _edits(desk)
    assert "<b>Not cancelled.</b> Shopee does not take this reason for this order" in edit
    await desk.presses("Refresh")
    await desk.presses("Try again")
    assert "Reason: the buyer asked for it" in desk.text


async def test_a_packer_notes_and_does_not_cancel(services: FakeServices) -> None:
    desk = Desk(services, r.visitor(Role.PACKER))
    await desk.says("/order AB12X")
    assert "Cancel order…" not in desk.labels
    await desk.presses("Note…")
    assert "Only your team sees it" in desk.text
    await desk.says("x" * 501)
    assert "A note may have 500 characters" in desk.text
    await desk.says("bubble wrap")
    assert "⏳ Saving the note at Shopee" in desk.text
    assert services.order_actions.doing[ORDER].latest
    assert services.dialogues.open_one is None


async def test_a_buyer_who_asks_rings_and_is_answered_from_the_alert(services: FakeServices) -> None:
    services.orders.cards = {ORDER: r.order_card(status=OrderStatus.CANCEL_ASKED)}
    services.order_actions.may = frozenset({ActionKind.ACCEPT, ActionKind.REJECT})
    [alert] = await told(services, "order_cancelled", order_id=ORDER)
    labels = [button.text for row in alert.screen.rows for button in row]
    assert (alert.silent, labels) == (False, ["Accept: cancel it", "Reject…", "Open"])
    assert "Answer before 16:00" in alert.screen.text
    desk = Desk(services)
    desk.chat.messages[100] = alert.screen
    await desk.presses("Reject…", message_id=100)
    assert "Turn down the buyer's wish to cancel …\u200dAB12X?" in desk.text
    await desk.presses("Reject: …AB12X ships")
    assert "⏳ Telling Shopee that the order goes on" in desk.text


async def test_orders_are_found_by_their_buyer(services: FakeServices) -> None:
    services.orders.cards |= {
        "0e0e0e0e0e0e0e0e": r.order_card(external_id="2611110GAB13Y", buyer_name="Budi")
    }
    desk = Desk(services)
    await desk.says("/orders budi")
    assert "2611110GAB13Y" in desk.text
    await desk.says("/orders nobody at all")
    assert "Nothing found for" in desk.text


async def _edits(desk: Desk) -> list[str]:
    """Let the order's event be told in the desk's chat; return what its card says then."""
    found = await told(desk.services, "order_moved", order_id=ORDER)
    assert {each.mode for each in found} <= {"edit"}
    return [each.screen.text for each in found]
