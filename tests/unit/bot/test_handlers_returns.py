"""A return read, accepted, haggled over and disputed in the chat: asked in words, sent by a ticket."""

import pytest

from adapters.kit.refusals import ReturnRefusal
from bot.render import LANGUAGES, Renderer
from domain.people import Role
from domain.returns import ReturnState
from services.return_actions import DisputeForm
from tests.fakes.services import FakeServices
from tests.unit.bot import records as r
from tests.unit.bot import screens_returns as s
from tests.unit.bot.desk import Desk
from tests.unit.bot.screens import SCREENS
from tests.unit.bot.telegram_html import read
from tests.unit.bot.test_events import told

MAIN = ["Accept refund…", "Offer…", "Photos 3", "Dispute…", "Order", "Refresh", "Back", "Home"]


@pytest.fixture
def services() -> FakeServices:
    made = FakeServices()
    made.returns.cards = {s.RETURN: s.card()}
    made.photos.by_url = {s.seen().photos[0]: b"first"}
    return made


async def opened(services: FakeServices, role: Role = Role.MANAGER) -> Desk:
    desk = Desk(services, r.visitor(role))
    await desk.says("/returns")
    await desk.presses("…AA071")
    return desk


async def test_the_card_says_what_is_asked_until_when_and_who_packed_it(services: FakeServices) -> None:
    desk = await opened(services)
    assert desk.text.splitlines()[0] == (
        "↩️ <b>Return asked</b> · …AA07K · 58,000\u00a0IDR · answer by Fri 10:05"
    )
    for line in (
        "Reason: does not work · buyer says “lampu mati”",
        "The goods come back for it. 2 photos from the buyer",
        "Packed by Budi, Mon 14:05 · photo kept",
    ):
        assert line in desk.text
    assert desk.labels == MAIN
    await desk.presses("Back")
    assert "return to answer" in desk.text


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PACKER])
async def test_who_does_not_manage_sees_no_button_that_answers(services: FakeServices, role: Role) -> None:
    desk = await opened(services, role)
    assert desk.labels == ["Photos 3", "Order", "Refresh", "Back", "Home"]


async def test_photos_are_shown_one_by_one_and_ours_comes_last(services: FakeServices) -> None:
    desk = await opened(services)
    await desk.presses("Photos 3")
    assert (desk.screen.photo, "Buyer's photo 1 of 2" in desk.text) != (None, False)
    await desk.presses("›")
    assert "It cannot be had right now" in desk.text
    await desk.presses("›")
    assert desk.screen.photo
    assert (desk.screen.photo.file_id, "Photo from packing" in desk.text) == ("AgACpack", True)
    await desk.presses("Back")
    assert "Return asked" in desk.text


async def test_a_refund_says_what_it_costs_before_it_leaves(services: FakeServices) -> None:
    desk = await opened(services)
    await desk.presses("Accept refund…")
    assert "The buyer gets 58,000\u00a0IDR back. Shopee takes it from what it pays you." in desk.text
    assert "It cannot be taken back." in desk.text
    await desk.presses("Yes, refund 58,000")
    assert desk.chat.toasts[-1] == "Sending"
    assert "⏳ Accepting at Shopee" in desk.text
    assert desk.labels == ["Photos 3", "Order", "Refresh", "Back", "Home"]


async def test_an_offer_is_typed_and_confirmed(services: FakeServices) -> None:
    desk = await opened(services)
    await desk.presses("Offer…")
    await desk.presses("Some money, no goods back…")
    assert "Type an amount from 1\u00a0IDR to 58,000\u00a0IDR." in desk.text
    await desk.says("90000")
    assert "Offer between" in desk.text
    await desk.says("30.000")
    assert "Offer 30,000\u00a0IDR for …\u200dAA07K?" in desk.text
    await desk.presses("Yes, offer 30,000")
    assert "⏳ Offering at Shopee" in desk.text


async def test_a_dispute_goes_from_reason_to_photos_to_address_to_its_yes(services: FakeServices) -> None:
    desk = await opened(services)
    await desk.presses("Dispute…")
    assert "1. Item was in order when it was packed" in desk.text
    await desk.presses("1. Item was in order when it was pack…")
    assert desk.labels == ["Use the photo from packing", "Back", "Home"]
    await desk.says("what now?")
    assert "I wait for a photo" in desk.text
    desk.chat.kept = {"AgACpack": b"packed", "AgACfile": b"sent"}
    await desk.presses_data(f"n1:rpacked:{s.DRAFT}")
    assert "1 photo of at most 3 is there" in desk.text
    await desk.sends_photo()
    assert "2 photos of at most 3 are there" in desk.text
    assert services.return_actions.pictures == [b"packed", b"sent"]
    await desk.presses("Go on")
    await desk.presses("Go on without")
    assert "Where may Shopee answer about …\u200dAA07K?" in desk.text
    await desk.says("nowhere")
    assert "This is no e-mail address" in desk.text
    await desk.says("sari@shop.example")
    assert desk.chat.deleted
    assert "2 photos go along" in desk.text
    await desk.presses("In your own words…")
    assert "What do you say about …\u200dAA07K?" in desk.text
    await desk.says("x" * 501)
    assert "A dispute may have 500 characters of yours." in desk.text
    await desk.says("Lampu menyala\nsaat dikemas")
    assert "You write: “Lampu menyala saat dikemas”" in desk.text
    assert desk.labels == ["Other words…", "Yes, dispute …AA07K", "Back", "Home"]
    await desk.presses("Other words…")
    assert "So far: “Lampu menyala saat dikemas”" in desk.text
    await desk.presses("Back")
    assert services.return_actions.open_one
    assert services.return_actions.open_one.own_words == "Lampu menyala\nsaat dikemas"
    await desk.presses("Yes, dispute …AA07K")
    assert "⏳ Disputing at Shopee" in desk.text
    assert services.dialogues.open_one is None


async def test_a_platform_that_takes_neither_words_nor_an_address_is_not_asked_for_them(
    services: FakeServices,
) -> None:
    services.return_actions.takes = DisputeForm(3, takes_words=False, asks_address=False)
    desk = await opened(services)
    await desk.presses("Dispute…")
    await desk.presses("1. Item was in order when it was pack…")
    desk.chat.kept = {"AgACpack": b"packed"}
    await desk.presses("Use the photo from packing")
    await desk.presses("Go on")
    await desk.presses("Go on without")
    assert "Answer to" not in desk.text
    assert desk.labels == ["Yes, dispute …AA07K", "Back", "Home"]


async def test_a_photo_that_telegram_lost_is_said_so(services: FakeServices) -> None:
    desk = await opened(services)
    await desk.presses("Dispute…")
    await desk.presses("1. Item was in order when it was pack…")
    await desk.presses("Use the photo from packing")
    assert desk.chat.toasts[-1] == "Telegram does not give this photo back. Send another one."


async def test_a_new_return_rings_and_its_card_follows(services: FakeServices) -> None:
    [alert] = await told(services, "return_asked", return_id=s.RETURN)
    labels = [button.text for row in alert.screen.rows for button in row]
    assert (alert.silent, labels) == (False, ["Open", "🔕 1 h"])
    assert alert.screen.text.startswith("🔔 <b>New return</b> · …AA07K · 58,000")
    services.returns.cards = {s.RETURN: s.card(state="closed")}
    assert await told(services, "return_asked", return_id=s.RETURN) == []
    assert await told(services, "return_due", return_id=s.RETURN) == []
    services.cards.show(r.visitor().view, 7, "return", s.RETURN, 0)
    [moved] = await told(services, "return_moved", return_id=s.RETURN)
    assert (moved.mode, moved.message_id) == ("edit", 7)
    assert "Return settled" in moved.screen.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_refusal_has_a_sentence_of_its_own(language: str) -> None:
    text = Renderer(language, r.ZONE, lambda: r.NOW)
    said = {each: read(SCREENS[f"return refused {each}"](text).text).plain for each in ReturnRefusal}
    assert len(set(said.values())) == len(ReturnRefusal)


async def test_goods_that_came_back_are_sorted_by_who_packs(services: FakeServices) -> None:
    services.returns.cards = {s.RETURN: s.card(state=ReturnState.COMING_BACK)}
    services.returned_goods.goods = s.goods(s.goods_line(2))
    desk = Desk(services, visitor=r.visitor(role=Role.PACKER))
    await desk.presses_data(f"n1:return:{s.RETURN}")
    assert desk.labels == ["Photos 3", "Goods are back…", "Order", "Refresh", "Back", "Home"]
    await desk.presses("Goods are back…")
    assert "<b>Is it as new?</b> 2 × Lampu LED E27 12W" in desk.text
    assert desk.labels == [
        "Back to stock: 2", "Only 1 back to stock", "Damaged, leave out: 2", "Back", "Home"
    ]  # fmt: skip
    await desk.presses("Only 1 back to stock")
    assert desk.chat.toasts[-1] == "Saved"
    assert desk.labels == ["Back to stock: 1", "Damaged, leave out: 1", "Undo", "Back", "Home"]
    await desk.presses("Damaged, leave out: 1")
    assert "2 × Lampu LED E27 12W · ✅ 1 back in stock · 1 left out" in desk.text
    await desk.presses("Back")
    assert "✅ 1 back in stock, 1 left out" in desk.text
    await desk.presses("What came back")
    await desk.presses("Undo")
    assert "<b>Is it as new?</b> 2 × Lampu LED E27 12W" in desk.text


async def test_goods_that_arrived_ring_until_somebody_sorted_them(services: FakeServices) -> None:
    assert await told(services, "return_back", return_id=s.RETURN) == []
    services.returned_goods.goods = s.goods()
    [alert] = await told(services, "return_back", return_id=s.RETURN)
    assert alert.screen.text.startswith("↩️ <b>Return is back with you</b> · …AA07K · 58,000")
    assert [button.text for row in alert.screen.rows for button in row] == ["Sort the goods…", "Open"]
    services.returned_goods.goods = s.goods(s.goods_line(out=2))
    assert await told(services, "return_back", return_id=s.RETURN) == []
