"""Returns: what is news of one, until when it must be answered, and what it shows of what was asked for."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.actions import DONE, ActionState, Verdict
from domain.return_actions import ReturnActionKind, fits, verdict
from domain.returns import ReturnState, Solution, next_reminder
from tests.unit.bot import records as r
from tests.unit.bot import screens_returns as s

K, A, S = ReturnActionKind, ActionState, ReturnState
LATE, JUDGED, AGAIN = Verdict("too_late"), Verdict("being_judged"), Verdict("already_disputed")


@pytest.mark.parametrize(
    ("kind", "sent", "was", "now", "expected"),
    [
        (K.ACCEPT, A.UNKNOWN, S.ASKED, S.ASKED, None),
        (K.ACCEPT, A.UNKNOWN, S.ASKED, S.CLOSED, DONE),
        (K.ACCEPT, A.UNKNOWN, S.ASKED, S.ACCEPTED, DONE),
        (K.ACCEPT, A.UNKNOWN, S.ASKED, S.COMING_BACK, DONE),
        (K.ACCEPT, A.UNKNOWN, S.COMING_BACK, S.COMING_BACK, None),
        (K.ACCEPT, A.UNKNOWN, S.COMING_BACK, S.CLOSED, DONE),
        (K.ACCEPT, A.UNKNOWN, S.ASKED, S.CANCELLED, LATE),
        (K.ACCEPT, A.UNKNOWN, S.ASKED, S.JUDGING, JUDGED),
        (K.ACCEPT, A.UNKNOWN, S.ASKED, S.DISPUTED, AGAIN),
        (K.ACCEPT, A.UNKNOWN, S.ASKED, S.UNKNOWN, None),
        (K.OFFER, A.UNKNOWN, S.ASKED, S.CLOSED, LATE),
        (K.ACCEPT_OFFER, A.UNKNOWN, S.ASKED, S.CLOSED, DONE),
        (K.ACCEPT_OFFER, A.READY, S.ASKED, S.ASKED, Verdict("no_offer")),
        (K.DISPUTE, A.UNKNOWN, S.ASKED, S.DISPUTED, DONE),
        (K.DISPUTE, A.SENDING, S.ASKED, S.JUDGING, DONE),
        (K.DISPUTE, A.READY, S.ASKED, S.DISPUTED, AGAIN),
        (K.DISPUTE, A.READY, S.ASKED, S.JUDGING, JUDGED),
        (K.DISPUTE, A.READY, S.ACCEPTED, S.ACCEPTED, None),
        (K.DISPUTE, A.UNKNOWN, S.ASKED, S.CLOSED, LATE),
        (K.DISPUTE, A.UNKNOWN, S.ASKED, S.UNKNOWN, None),
    ],
)
def test_what_a_return_shows_of_an_action(
    kind: ReturnActionKind, sent: ActionState, was: ReturnState, now: ReturnState, expected: Verdict | None
) -> None:
    assert verdict(s.action(kind, state=sent, was=was), s.seen(state=now)) == expected


def test_an_offer_stands_when_the_return_shows_it_and_waits_for_the_buyer() -> None:
    asked = s.action(K.OFFER, state=A.UNKNOWN, solution=Solution.REFUND, amount=r.idr(30000))
    there = {"offered_solution": Solution.REFUND, "is_buyers_offer": False}
    assert verdict(asked, s.seen(offered=r.idr(30000), **there)) == DONE
    assert verdict(asked, s.seen(offered=r.idr(29999), **there)) is None
    assert verdict(replace(asked, amount=None), s.seen(offered=r.idr(29999), **there)) == DONE


def test_who_must_answer_follows_from_the_last_offer() -> None:
    """A platform calls what the buyer asks for an offer as well: only another one is haggling."""
    asked = s.seen()
    assert (asked.counter_offer, asked.waits_for_buyer, asked.due) == (None, False, asked.answer_by)
    other = s.seen(offered=r.idr(40000))
    assert (other.counter_offer, other.due) == (r.idr(40000), asked.answer_by)
    ours = replace(other, is_buyers_offer=False)
    assert (ours.counter_offer, ours.waits_for_buyer, ours.due) == (None, True, None)
    over = replace(other, state=S.CLOSED)
    assert (over.counter_offer, over.due) == (None, None)
    assert fits(K.ACCEPT_OFFER, other)
    assert not fits(K.ACCEPT_OFFER, asked)
    assert not fits(K.ACCEPT, s.seen(is_decided_elsewhere=True))


def test_a_seller_is_reminded_a_day_and_three_hours_before() -> None:
    due = r.at(48)
    first = due - timedelta(hours=24)
    assert next_reminder(due, r.NOW) == first
    assert next_reminder(due, first) == due - timedelta(hours=3)
    assert next_reminder(due, due - timedelta(hours=3)) is None
    assert next_reminder(None, r.NOW) is None
