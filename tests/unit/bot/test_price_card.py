"""The price card: which stage a proposal is in, and which buttons that stage has."""

import pytest

from bot.render import Renderer
from bot.screen import Screen
from bot.views.price_card import Stage, Tickets, price_screen, stage
from domain.caps import Cap
from domain.changes import ChangeState
from services.views import Proposal, ProposedPrice
from tests.unit.bot import records as r
from tests.unit.bot.screens_locks import held

TICKETS = Tickets("c1:" + "A" * 22, "c1:" + "B" * 22)
APPLIED, FAILED = r.proposed(ChangeState.APPLIED), r.proposed(ChangeState.FAILED, reason="price_range")
FAR = r.proposed(after=r.idr(18850))
SENDING = r.proposed(ChangeState.APPLYING)
LOCKED, LOCKED_LATER = held(), held(12)
OVER = held(-1)
OFF = r.proposed(ChangeState.REJECTED, reason="called_off")
RETRIED = r.proposed(ChangeState.APPROVED, not_before=r.at(0.1), reason="platform_unavailable")


def card(proposal: Proposal) -> Screen:
    return price_screen(proposal, TICKETS, Renderer("en", r.ZONE, lambda: r.NOW))


def labels(screen: Screen) -> list[list[str]]:
    return [[button.text for button in row] for row in screen.rows]


@pytest.mark.parametrize(
    ("prices", "expected"),
    [
        ([r.proposed()], Stage.WAITING),
        ([r.proposed(ChangeState.DRAFT)], Stage.WAITING),
        ([APPLIED, r.proposed()], Stage.WAITING),
        ([r.proposed(ChangeState.APPROVED)], Stage.SENDING),
        ([SENDING, APPLIED], Stage.SENDING),
        ([LOCKED], Stage.HELD),
        ([LOCKED, APPLIED], Stage.HELD),
        ([LOCKED, SENDING], Stage.SENDING),
        ([LOCKED, r.proposed(ChangeState.APPROVED)], Stage.SENDING),
        ([OVER], Stage.SENDING),
        ([RETRIED], Stage.SENDING),
        ([r.proposed(ChangeState.UNKNOWN), SENDING], Stage.CHECKING),
        ([APPLIED, APPLIED], Stage.LIVE),
        ([APPLIED, FAILED], Stage.PARTLY),
        ([FAILED, r.proposed(ChangeState.CONFLICT)], Stage.REFUSED),
        ([r.proposed(ChangeState.CONFLICT)], Stage.CONFLICT),
        ([r.proposed(ChangeState.REJECTED)], Stage.REJECTED),
        ([OFF], Stage.CALLED_OFF),
        ([OFF, APPLIED], Stage.PARTLY),
        ([r.proposed(ChangeState.EXPIRED)], Stage.EXPIRED),
        ([r.proposed(ChangeState.SUPERSEDED)], Stage.SUPERSEDED),
    ],
)
def test_stage_is_what_is_still_open_or_how_it_ended(prices: list[ProposedPrice], expected: Stage) -> None:
    assert stage(r.proposal(*prices), r.NOW) is expected


def test_every_state_has_a_card() -> None:
    for state in ChangeState:
        assert card(r.proposal(r.proposed(state))).text


def test_held_until_the_last_lock_ends() -> None:
    assert "26,500 from Thu 02:05" in card(r.proposal(LOCKED, LOCKED_LATER)).text


def test_what_waits_says_for_what_and_until_when() -> None:
    assert "waits until 11.11 ends, 23:59; then it is sent" in card(r.proposal(LOCKED)).text
    untold = card(r.proposal(held(None))).text
    assert "26,500 waits for a promotion" in untold
    assert "does not say until when; I ask again at 14:20" in untold


def test_a_price_that_waits_can_be_called_off_by_whoever_decides() -> None:
    tickets = Tickets(call_off="c1:" + "C" * 22)
    screen = price_screen(r.proposal(LOCKED), tickets, Renderer("en", r.ZONE, lambda: r.NOW))
    assert labels(screen) == [["Do not send what waits"], ["Back", "Home"]]
    assert labels(card(r.proposal(LOCKED))) == [["Back", "Home"]]


def test_a_price_that_waits_for_the_platform_is_not_called_locked() -> None:
    shown = card(r.proposal(RETRIED)).text
    assert "Shopee did not take it yet; I try again at 14:11:00" in shown
    assert "locked" not in shown


def test_what_waits_has_a_worded_button_and_a_red_one() -> None:
    screen = card(r.proposal())
    assert labels(screen) == [["Approve 26,500"], ["Reject"], ["Back", "Home"]]
    assert [row[0].style for row in screen.rows[:2]] == ["success", "danger"]
    assert [row[0].data for row in screen.rows[:2]] == [TICKETS.approve, TICKETS.reject]


def test_who_may_not_decide_gets_no_button_to_decide() -> None:
    screen = price_screen(r.proposal(), Tickets(), Renderer("en", r.ZONE, lambda: r.NOW))
    assert labels(screen) == [["Back", "Home"]]


def test_approval_of_a_locked_price_names_the_moment() -> None:
    both = r.proposal(r.proposed(price=r.on_sale()), r.proposed(price=r.on_sale(hours=11)))
    one = r.proposal(r.proposed(price=r.on_sale()), r.proposed())
    assert labels(card(both))[0] == ["Approve 26,500 from Thu 01:05"]
    assert labels(card(one))[0] == ["Approve 26,500"]


def test_beyond_the_limit_a_lone_owner_types() -> None:
    lone = card(r.proposal(FAR, needs_typing=True, excess=r.beyond()))
    assert labels(lone)[0] == ["Type the new price"]
    assert "−35% is over your limit of 30%. To approve it, type the new price." in lone.text


def test_beyond_the_limit_the_card_says_who_can_approve() -> None:
    others = card(r.proposal(FAR, excess=r.beyond(), second_persons=("Ann", "Budi")))
    assert labels(others)[0] == ["Approve 18,850"]
    assert "−35% is over your limit of 30%. Second person needed: Ann and Budi can." in others.text


def test_of_many_who_can_approve_a_few_are_named() -> None:
    many = card(r.proposal(FAR, excess=r.beyond(), second_persons=("Ann", "Budi", "Citra", "Dewi")))
    assert "Ann, Budi, Citra, and …" in many.text


def test_who_asked_may_take_it_off_the_list_but_not_approve_beyond_the_limit() -> None:
    asked = r.proposal(FAR, excess=r.beyond(), second_persons=("Ann",))
    screen = price_screen(asked, Tickets("", TICKETS.reject), Renderer("en", r.ZONE, lambda: r.NOW))
    assert labels(screen) == [["Reject"], ["Back", "Home"]]


def test_what_adds_up_over_a_day_is_said_so() -> None:
    day = card(r.proposal(excess=r.beyond("-51.7", Cap.DAY, 50), second_persons=("Ann",)))
    assert "−51.7% within a day is over your limit of 50%." in day.text


def test_at_the_limit_a_tap_is_enough() -> None:
    assert "limit" not in card(r.proposal(r.proposed(after=r.idr(20300)))).text


def test_a_price_taken_back_says_so_and_has_no_button() -> None:
    screen = card(r.proposal(APPLIED, undone_by_name="Budi"))
    assert "Taken back: 26,500" in screen.text
    assert "Taken back by Budi" in screen.text
    assert labels(screen) == [["Back", "Home"]]


def test_undo_is_offered_as_long_as_it_is_possible() -> None:
    assert labels(card(r.proposal(APPLIED, can_be_undone=True)))[0] == ["Undo…"]
    assert labels(card(r.proposal(APPLIED))) == [["Back", "Home"]]


@pytest.mark.parametrize("state", [ChangeState.FAILED, ChangeState.CONFLICT, ChangeState.EXPIRED])
def test_what_did_not_go_through_can_be_asked_again(state: ChangeState) -> None:
    again = card(r.proposal(r.proposed(state))).rows[0][0]
    assert again.text == "Ask again: 26,500"
    assert again.data == "n1:again:beefbeefbeefbeef:26500"


@pytest.mark.parametrize("state", [ChangeState.REJECTED, ChangeState.SUPERSEDED, ChangeState.APPROVED])
def test_what_was_decided_or_replaced_is_not_asked_again(state: ChangeState) -> None:
    assert labels(card(r.proposal(r.proposed(state)))) == [["Back", "Home"]]


def test_card_carries_subject_and_version() -> None:
    screen = card(r.proposal(APPLIED, FAILED))
    assert (screen.subject, screen.subject_id, screen.version) == ("proposal", "9090909090909090", 6)
