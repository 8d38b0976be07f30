"""Handlers around prices: asked, typed, approved, rejected, taken back."""

import pytest

from domain.changes import ChangeState
from domain.people import Role
from services.views import Onlooker
from tests.fakes.services import FakeServices
from tests.unit.bot import records as r
from tests.unit.bot.desk import Desk


@pytest.fixture
def services() -> FakeServices:
    made = FakeServices()
    made.stock.variants = {"beefbeefbeefbeef": r.variant_card()}
    return made


@pytest.fixture
def desk(services: FakeServices) -> Desk:
    return Desk(services)


async def test_price_command_shows_a_card_to_approve_and_sends_nothing(
    desk: Desk, services: FakeServices
) -> None:
    await desk.says("/price LED-12W-W 26.500")
    assert "29,000 → <b>26,500" in desk.text
    assert desk.labels == ["Approve 26,500", "Reject", "Back", "Home"]
    states = [each.prices[0].change.state for each in services.prices.proposals.values()]
    assert states == [ChangeState.PENDING]


async def test_price_card_is_remembered(desk: Desk, services: FakeServices) -> None:
    await desk.says("/price LED-12W-W 26500")
    [card] = services.cards.kept.values()
    assert (card.subject, card.subject_id, card.version) == ("proposal", "0" * 16, 1)


async def test_approving_edits_the_card(desk: Desk) -> None:
    await desk.says("/price LED-12W-W 26500")
    await desk.presses("Approve 26,500")
    assert "Sending 26,500" in desk.text
    assert desk.chat.toasts == ["Approved"]
    assert len(desk.chat.messages) == 1


async def test_second_press_says_who_was_first_and_leaves_the_card(
    desk: Desk, services: FakeServices
) -> None:
    await desk.says("/price LED-12W-W 26500")
    approve = desk.screen.rows[0][0].data
    await desk.presses("Approve 26,500")
    shown = desk.text
    await desk.presses_data(approve)
    assert desk.chat.toasts[-1] == "Already approved by Ann."
    assert desk.text == shown


async def test_what_moved_meanwhile_is_shown_right_after(desk: Desk, services: FakeServices) -> None:
    await desk.says("/price LED-12W-W 26500")
    seen = services.prices.proposal
    reads = 0

    async def moving(visitor: object, proposal_id: str) -> object:
        nonlocal reads
        reads += 1
        if reads == 2:
            services.prices.move(proposal_id, ChangeState.APPLIED)
        return await seen(visitor, proposal_id)  # type: ignore[arg-type]

    services.prices.proposal = moving  # type: ignore[assignment,method-assign]
    await desk.presses("Approve 26,500")
    assert "26,500 is live" in desk.text


async def test_rejecting_shows_who(desk: Desk) -> None:
    await desk.says("/price LED-12W-W 26500")
    await desk.presses("Reject")
    assert "Rejected by Ann" in desk.text
    assert desk.chat.toasts == ["Rejected"]


async def test_undo_asks_once_more_and_shows_the_way_back(desk: Desk, services: FakeServices) -> None:
    await desk.says("/price LED-12W-W 26500")
    services.prices.move("0" * 16, ChangeState.APPLIED)
    await desk.presses_data("n1:price:" + "0" * 16)
    await desk.presses("Undo…")
    assert "Take it back?" in desk.text
    assert "back" not in services.prices.proposals
    await desk.presses("Yes, back to 29,000")
    assert "Taking it back to 29,000" in desk.text
    assert desk.chat.toasts[-1] == "Taking it back"


async def test_undo_can_be_left(desk: Desk, services: FakeServices) -> None:
    await desk.says("/price LED-12W-W 26500")
    services.prices.move("0" * 16, ChangeState.APPLIED)
    await desk.presses_data("n1:undo:" + "0" * 16)
    await desk.presses("No, keep it")
    assert "26,500 is live" in desk.text


async def test_undo_of_what_cannot_be_undone_shows_the_card(desk: Desk) -> None:
    await desk.says("/price LED-12W-W 26500")
    await desk.presses_data("n1:undo:" + "0" * 16)
    assert "Price −8.6%" in desk.text


async def test_price_beyond_the_limit_is_approved_by_typing_it(desk: Desk, services: FakeServices) -> None:
    await desk.says("/price LED-12W-W 18850")
    assert "over your limit of 30%" in desk.text
    await desk.presses("Type the new price")
    await desk.says("26500")
    assert "Not approved: the new price is 18,850" in desk.text
    await desk.says("delapan belas")
    assert "I cannot read this amount" in desk.text
    await desk.says("18.850")
    assert "Sending 18,850" in desk.text
    assert services.dialogues.open_one is None


async def test_approve_of_an_old_card_beyond_the_limit_asks_to_type(desk: Desk) -> None:
    await desk.says("/price LED-12W-W 18850")
    approve = next(data for data, (action, _) in desk.services.buttons.issued.items() if action == "approve")
    await desk.presses_data(approve)
    assert "type the new price and send it" in desk.text


async def test_typing_after_somebody_else_decided_ends_the_question(
    desk: Desk, services: FakeServices
) -> None:
    await desk.says("/price LED-12W-W 18850")
    await desk.presses("Type the new price")
    services.prices.move("0" * 16, ChangeState.REJECTED)
    await desk.says("18850")
    assert "Already rejected by Ann" in desk.text
    assert services.dialogues.open_one is None


async def test_amount_button_of_a_decided_card_shows_the_card(desk: Desk, services: FakeServices) -> None:
    await desk.says("/price LED-12W-W 18850")
    services.prices.move("0" * 16, ChangeState.APPLIED)
    await desk.presses("Type the new price")
    assert "18,850 is live" in desk.text
    assert services.dialogues.open_one is None


async def test_price_is_asked_from_the_card_and_typed(desk: Desk, services: FakeServices) -> None:
    await desk.says("LED-12W-W")
    await desk.presses("Change price")
    assert "New price?" in desk.text
    await desk.says("26rb")
    assert "29,000 → <b>26,000" in desk.text
    assert services.dialogues.open_one is None


async def test_refused_price_leaves_the_question_open(desk: Desk, services: FakeServices) -> None:
    services.stock.variants["beefbeefbeefbeef"] = r.variant_card(variant=r.variant(floor=r.idr(24000)))
    await desk.says("LED-12W-W")
    await desk.presses("Change price")
    await desk.says("20000")
    assert "Below the floor of 24,000" in desk.text
    assert services.dialogues.open_one is not None
    await desk.says("25000")
    assert "29,000 → <b>25,000" in desk.text


async def test_cancel_closes_the_question(desk: Desk, services: FakeServices) -> None:
    await desk.says("LED-12W-W")
    await desk.presses("Change price")
    await desk.presses("Cancel")
    assert "question about the price is closed" in desk.text
    assert services.dialogues.open_one is None


async def test_variant_that_is_gone_ends_the_question(desk: Desk, services: FakeServices) -> None:
    await desk.says("LED-12W-W")
    await desk.presses("Change price")
    services.stock.variants.clear()
    await desk.says("26500")
    assert "no longer among your shops" in desk.text
    assert services.dialogues.open_one is None


async def test_floor_is_set_and_taken_away(desk: Desk) -> None:
    await desk.says("/price LED-12W-W floor 24000")
    assert "Floor 24,000" in desk.text
    await desk.says("/price LED-12W-W floor off")
    assert "Floor 24,000" not in desk.text


async def test_floor_is_not_for_packers(services: FakeServices) -> None:
    desk = Desk(services, r.visitor(Role.PACKER))
    await desk.says("/price LED-12W-W floor 24000")
    assert desk.text == "Only managers may do this."


async def test_packer_proposes_but_gets_no_button_to_decide(services: FakeServices) -> None:
    services.prices.looks = Onlooker(Role.PACKER, "4711")
    desk = Desk(services, r.visitor(Role.PACKER))
    await desk.says("/price LED-12W-W 26500")
    assert desk.labels == ["Back", "Home"]


async def test_in_a_group_a_card_has_the_buttons_of_whoever_may_decide_there(services: FakeServices) -> None:
    services.prices.looks = Onlooker(Role.MANAGER)
    desk = Desk(services, r.visitor(Role.PACKER))
    await desk.says("/price LED-12W-W 26500")
    assert desk.labels == ["Approve 26,500", "Reject", "Back", "Home"]


async def test_who_asked_for_too_much_has_no_button_to_approve_it(services: FakeServices) -> None:
    far = r.proposed(after=r.idr(18850))
    services.prices.proposals["f"] = r.proposal(
        far, id="f", excess=r.beyond(), second_persons=("Ann",), requested_by="4711"
    )
    desk = Desk(services)
    await desk.presses_data("n1:price:f")
    assert desk.labels == ["Reject", "Back", "Home"]
    services.prices.looks = Onlooker(Role.MANAGER, "4712")
    await desk.presses_data("n1:price:f")
    assert desk.labels == ["Approve 18,850", "Reject", "Back", "Home"]


async def test_price_without_an_amount_shows_the_variant(desk: Desk) -> None:
    await desk.says("/price LED-12W-W")
    assert "Change price" in desk.labels


async def test_price_of_an_unknown_sku_offers_to_search(desk: Desk) -> None:
    await desk.says("/price NOPE 26500")
    assert "No variant has this SKU" in desk.text
    assert desk.labels == ["Search for it"]


async def test_shared_sku_asks_which(desk: Desk, services: FakeServices) -> None:
    services.stock.variants["cafecafecafecafe"] = r.variant_card()
    await desk.says("/price LED-12W-W 26500")
    assert "2 variants share this SKU" in desk.text
    assert services.prices.proposals == {}


async def test_price_of_a_variant_no_shop_sells_is_refused(desk: Desk, services: FakeServices) -> None:
    services.stock.variants["beefbeefbeefbeef"] = r.variant_card(shown=())
    await desk.says("/price LED-12W-W 26500")
    assert "no longer among your shops" in desk.text


@pytest.mark.parametrize("words", ["/price", "/price LED-12W-W floor"])
async def test_unclear_price_command_shows_how(desk: Desk, words: str) -> None:
    await desk.says(words)
    assert "Which price?" in desk.text


async def test_unreadable_amount_is_never_guessed(desk: Desk, services: FakeServices) -> None:
    await desk.says("/price LED-12W-W 2650O")
    assert "I cannot read this amount" in desk.text
    assert services.prices.proposals == {}


async def test_asking_again_proposes_the_same_price(desk: Desk, services: FakeServices) -> None:
    await desk.says("/price LED-12W-W 26500")
    services.prices.move("0" * 16, ChangeState.CONFLICT)
    await desk.presses_data("n1:price:" + "0" * 16)
    await desk.presses("Ask again: 26,500")
    assert "Approve 26,500" in desk.labels
    assert len(services.prices.proposals) == 2


async def test_approvals_lead_to_their_cards(desk: Desk) -> None:
    await desk.says("/approvals")
    assert "Nothing waits" in desk.text
    await desk.says("/price LED-12W-W 26500")
    await desk.says("/approvals")
    assert "1 price change waits" in desk.text
    await desk.presses("1 · LED-12W-W")
    assert "Approve 26,500" in desk.labels
