"""The card of a price change: one message through all its states."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.callbacks import Place, pack
from bot.render import Renderer
from bot.screen import Button, Rows, Screen
from bot.views import labels
from bot.views.keyboards import home_row, leads
from domain.changes import UNDO_LASTS, Change, ChangeState
from domain.locks import CALLED_OFF, PRICE_LOCKED
from domain.shops import ShopState
from services.views import Proposal, ProposedPrice

SUBJECT = "proposal"
PLACES_SHOWN = 6


class Stage(StrEnum):
    """Where a proposal stands as a whole."""

    WAITING = "waiting"
    TYPING = "typing"
    HELD = "held"
    PAUSED = "paused"
    SENDING = "sending"
    CHECKING = "checking"
    LIVE = "live"
    TAKEN_BACK = "taken_back"
    PARTLY = "partly"
    REFUSED = "refused"
    CONFLICT = "conflict"
    REJECTED = "rejected"
    CALLED_OFF = "called_off"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


MARKS = {
    Stage.WAITING: "🏷",
    Stage.TYPING: "🏷",
    Stage.HELD: "⏳",
    Stage.PAUSED: "⏳",
    Stage.SENDING: "⏳",
    Stage.CHECKING: "⏳",
    Stage.LIVE: "✅",
    Stage.TAKEN_BACK: "✖️",
    Stage.PARTLY: "⚠️",
    Stage.REFUSED: "⚠️",
    Stage.CONFLICT: "⚠️",
    Stage.REJECTED: "✖️",
    Stage.CALLED_OFF: "✖️",
    Stage.EXPIRED: "✖️",
    Stage.SUPERSEDED: "✖️",
}
_ENDS = (
    (ChangeState.FAILED, Stage.REFUSED),
    (ChangeState.CONFLICT, Stage.CONFLICT),
    (ChangeState.REJECTED, Stage.REJECTED),
    (ChangeState.EXPIRED, Stage.EXPIRED),
    (ChangeState.SUPERSEDED, Stage.SUPERSEDED),
)
_CAN_BE_ASKED_AGAIN = frozenset({Stage.PARTLY, Stage.REFUSED, Stage.CONFLICT, Stage.EXPIRED})
_OPEN = frozenset({ChangeState.APPROVED, ChangeState.APPLYING})
UNDECIDED = frozenset({Stage.WAITING, Stage.TYPING})


@dataclass(frozen=True, slots=True)
class Tickets:
    """The data of the buttons that decide; empty where the visitor may not decide."""

    approve: str = ""
    reject: str = ""
    call_off: str = ""


def stage(proposal: Proposal, now: datetime) -> Stage:
    """Return where the proposal stands: what is still open first, then how it ended."""
    states = {each.change.state for each in proposal.prices}
    if states & {ChangeState.DRAFT, ChangeState.PENDING}:
        return Stage.TYPING if proposal.needs_typing else Stage.WAITING
    if ChangeState.UNKNOWN in states:
        return Stage.CHECKING
    if states & _OPEN:
        return _on_its_way(proposal, now)
    if ChangeState.APPLIED in states:
        if proposal.undone_by_name and not proposal.can_be_undone:
            return Stage.TAKEN_BACK
        return Stage.LIVE if len(states) == 1 else Stage.PARTLY
    ended = next(shown for state, shown in _ENDS if state in states)
    is_called_off = all(each.change.reason == CALLED_OFF for each in proposal.prices)
    return Stage.CALLED_OFF if is_called_off else ended


def _on_its_way(proposal: Proposal, now: datetime) -> Stage:
    if any(_is_paused(proposal, each) for each in proposal.prices):
        return Stage.PAUSED
    return Stage.HELD if _held_until(proposal, now) else Stage.SENDING


def _is_paused(proposal: Proposal, price: ProposedPrice) -> bool:
    """Tell whether an approved price waits for somebody to resume."""
    is_ready = price.change.state is ChangeState.APPROVED
    return is_ready and (proposal.is_paused or price.shop.state is ShopState.PAUSED)


def largest(proposal: Proposal) -> Decimal:
    """Return the largest of the changes in percent, up or down."""
    return max((each.change.percent for each in proposal.prices), key=abs)


def price_screen(proposal: Proposal, tickets: Tickets, text: Renderer) -> Screen:
    """Show a proposal with the buttons of its stage."""
    now = text.now()
    at = stage(proposal, now)
    first = proposal.prices[0].change
    shown = text.render(
        "prices/card.html.j2",
        proposal=proposal,
        mark=MARKS[at],
        stage=at,
        percent=largest(proposal),
        after=first.after,
        first=first,
        is_undo=bool(first.undo_of),
        live=sum(each.change.state is ChangeState.APPLIED for each in proposal.prices),
        held_until=_held_until(proposal, now),
        held_untold=any(each.change.is_waiting and not each.change.locked_until for each in proposal.prices),
        prices=proposal.prices[:PLACES_SHOWN],
        more=len(proposal.prices[PLACES_SHOWN:]),
        undo_until=_undo_until(proposal),
    )
    back = leads(text, labels.BACK, Place.VARIANT, proposal.variant.id)
    rows = (*_acts(proposal, at, tickets, text), home_row(text, back))
    return Screen(shown, rows, SUBJECT, proposal.id, proposal.version)


def _acts(proposal: Proposal, at: Stage, tickets: Tickets, text: Renderer) -> Rows:
    if at in UNDECIDED:
        approve = ((_approval(proposal, at, tickets, text),),) if tickets.approve else ()
        reject = ((Button(text.label(labels.REJECT), tickets.reject, style="danger"),),)
        return (*approve, *reject) if tickets.reject else ()
    off = (
        ((Button(text.label(labels.CALL_OFF), tickets.call_off, style="danger"),),)
        if tickets.call_off
        else ()
    )
    if proposal.can_be_undone:
        return (*off, (leads(text, labels.UNDO, Place.UNDO, proposal.id),))
    if off:
        return off
    if at in _CAN_BE_ASKED_AGAIN and not proposal.prices[0].change.undo_of:
        after = proposal.prices[0].change.after
        again = text.label(labels.ASK_AGAIN, amount=text.amount(after))
        return ((Button(again, pack(Place.ASK_AGAIN, proposal.variant.id, after.rounded().amount)),),)
    return ()


def _approval(proposal: Proposal, at: Stage, tickets: Tickets, text: Renderer) -> Button:
    if at is Stage.TYPING:
        return leads(text, labels.TYPE_PRICE, Place.TYPE_AMOUNT, proposal.id)
    amount = text.amount(proposal.prices[0].change.after)
    locks = [each.shown.price.locked_until for each in proposal.prices]
    ends = [lock for lock in locks if lock is not None and lock > text.now()]
    if len(ends) == len(locks):
        later = text.label(labels.APPROVE_LATER, amount=amount, time=text.moment(max(ends)))
        return Button(later, tickets.approve, style="success")
    return Button(text.label(labels.APPROVE, amount=amount), tickets.approve, style="success")


def _held_until(proposal: Proposal, now: datetime) -> datetime | None:
    """Return when the last locked change is sent, if everything that is still open is locked."""
    waiting = [each.change for each in proposal.prices if each.change.state in _OPEN]
    moments = [each.not_before for each in waiting if _is_locked(each, now) and each.not_before]
    return max(moments) if moments and len(moments) == len(waiting) else None


def _is_locked(change: Change, now: datetime) -> bool:
    is_later = change.not_before is not None and change.not_before > now
    return change.is_waiting and is_later and change.reason == PRICE_LOCKED


def _undo_until(proposal: Proposal) -> datetime | None:
    """Return until when the proposal can be taken back; the first change that went through sets the end."""
    if not proposal.can_be_undone:
        return None
    ends = [each.change.ended_at for each in proposal.prices if each.change.ended_at is not None]
    return min(ends) + UNDO_LASTS if ends else None
