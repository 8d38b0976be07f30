"""What a person says of the stock: a draft, then the count that is sent, and its undo. One transaction each."""

from dataclasses import dataclass
from datetime import datetime

from domain.chats import Visitor
from domain.errors import Conflict, InputError, NotAllowed, NotFound
from domain.events import EventKind
from domain.ids import new_id
from domain.people import Role
from domain.stock import (
    DRAFT_LASTS,
    MOST,
    UNDO_LASTS,
    Movement,
    Placed,
    Reason,
    StockDraft,
    needs_second_word,
    place_of,
    placed_source,
)
from services.decisions import need
from services.ledger import allocate_open
from services.outbox import tell
from services.watching import watch
from storage.database import Connection
from storage.repositories.audit import Audit
from storage.repositories.cards import Cards
from storage.repositories.catalogue import Catalogue
from storage.repositories.ledger import Balance, Ledger
from storage.repositories.shown_stock import ShownStock
from storage.repositories.stock_drafts import StockDrafts

SUBJECT = "stock"
"""The subject of a variant's card."""
UNDOABLE = frozenset({Reason.COUNT, Reason.MANUAL, Reason.RESTOCK, Reason.RETURNED, Reason.LEFT_OUT})


@dataclass(frozen=True, slots=True)
class Counted:
    """What a sent count did; `is_sure` is False when it is so far off that it is asked for once more."""

    variant_id: str
    is_sure: bool
    movement_id: str = ""


def on_shelf(conn: Connection, seller_id: str, variant_id: str) -> int:
    """Return what is on hand; before the first count what the shops show together with what is promised."""
    ledger = Ledger(conn, seller_id)
    balance = ledger.balances([variant_id]).get(variant_id)
    if balance:
        return balance.on_hand
    return ledger.shown([variant_id]).get(variant_id, 0) + ledger.promised_before_count(variant_id)


def draw_up(conn: Connection, visitor: Visitor, variant_id: str, after: int, now: datetime) -> StockDraft:
    """Keep a draft of a count. Raises InputError("stock_number") for a number that cannot be."""
    return _draw_up(conn, visitor, variant_id, now, after=after)


def receive(conn: Connection, visitor: Visitor, variant_id: str, units: int, now: datetime) -> StockDraft:
    """Keep a draft of a delivery: so many on top of what there is. Raises InputError("stock_number")."""
    return _draw_up(conn, visitor, variant_id, now, received=units)


def place(conn: Connection, visitor: Visitor, variant_id: str, placed: Placed, now: datetime) -> StockDraft:
    """Keep a draft of a count of one location; what lies elsewhere stays. Raises InputError("stock_number")."""
    after = on_shelf(conn, visitor.seller_id, variant_id) + placed.after - placed.before
    return _draw_up(conn, visitor, variant_id, now, after=after, placed=placed)


def _draw_up(
    conn: Connection,
    visitor: Visitor,
    variant_id: str,
    now: datetime,
    *,
    after: int = 0,
    received: int = 0,
    placed: Placed | None = None,
) -> StockDraft:
    need(visitor, Role.PACKER)
    variant = Catalogue(conn, visitor.seller_id).variant(variant_id)
    if variant is None:
        raise NotFound("variant_unknown")
    before = on_shelf(conn, visitor.seller_id, variant.id)
    to_be = before + received if received else after
    if not 0 <= to_be <= MOST:
        raise InputError("stock_number", most=MOST)
    drafts = StockDrafts(conn, visitor.seller_id, visitor.view.id)
    until = now + DRAFT_LASTS
    return drafts.put(variant.id, before, to_be, now, until, received=received, placed=placed)


def send(
    conn: Connection, visitor: Visitor, draft_id: str, version: int, now: datetime, *, is_sure: bool
) -> Counted:
    """Make a draft true: the first one is the opening count, each later one moves what is on hand.

    Raises Conflict("moved_on") when what is on hand moved since the draft was drawn up.
    """
    need(visitor, Role.PACKER)
    drafts = StockDrafts(conn, visitor.seller_id, visitor.view.id)
    draft = drafts.get(draft_id, now)
    if draft is None:
        raise NotAllowed("button_expired")
    if draft.version != version or not Catalogue(conn, visitor.seller_id).hold(draft.variant_id):
        raise Conflict("moved_on")
    ledger = Ledger(conn, visitor.seller_id)
    known = ledger.balances([draft.variant_id], for_update=True).get(draft.variant_id)
    if known and known.on_hand != draft.before and not draft.received:
        raise Conflict("moved_on")
    if not is_sure and needs_second_word(draft.before, draft.after, draft.received):
        return Counted(draft.variant_id, is_sure=False)
    movement = _as_drafted(draft, known, visitor, now)
    if not known and not ledger.open(draft.variant_id, now):
        raise Conflict("moved_on")
    if not ledger.add(movement):
        raise Conflict("moved_on")
    if movement.reason is Reason.COUNT:
        ledger.counted(draft.variant_id, now)
    if not known:
        allocate_open(conn, visitor.seller_id, draft.variant_id, now)
    drafts.drop(draft.variant_id)
    facts = {"before": str(draft.before), "after": str(draft.after), "movement": movement.id}
    spread(conn, visitor, draft.variant_id, str(movement.reason), facts, now)
    if draft.placed:
        shown = ShownStock(conn, visitor.seller_id)
        shown.place_next(draft.placed.listing_variant_id, draft.placed.place)
    return Counted(draft.variant_id, is_sure=True, movement_id=movement.id)


def _as_drafted(draft: StockDraft, known: Balance | None, visitor: Visitor, now: datetime) -> Movement:
    """Return the step that makes a draft true: from nothing, to what was counted, or by what came in."""
    counted = draft.after - (known.on_hand if known else 0)
    source = f"count:{draft.id}:{draft.version}" if known else f"opening:{draft.variant_id}"
    if known and draft.placed:
        source = placed_source(draft, draft.placed)
    return Movement(
        id=new_id(),
        variant_id=draft.variant_id,
        reason=_reason(draft) if known else Reason.OPENING,
        on_hand=draft.received if known and draft.received else counted,
        allocated=0,
        source=source,
        at=now,
        actor=visitor.member.user_id,
        listing_variant_id=draft.placed.listing_variant_id if draft.placed else "",
    )


def _reason(draft: StockDraft) -> Reason:
    """Return what to call it: a count of one location says nothing of what was sold at the others."""
    if draft.placed:
        return Reason.MANUAL
    return Reason.RESTOCK if draft.received else Reason.COUNT


def undo(conn: Connection, visitor: Visitor, movement_id: str, now: datetime) -> str:
    """Take a count back by the same number; return its variant. Raises Conflict("undo_too_late")."""
    need(visitor, Role.PACKER)
    ledger = Ledger(conn, visitor.seller_id)
    done = ledger.movement(movement_id)
    if done is None:
        raise NotFound("button_unknown")
    balance = ledger.balances([done.variant_id], for_update=True).get(done.variant_id)
    if not can_be_undone(done, now) or balance is None or balance.on_hand < done.on_hand:
        raise Conflict("undo_too_late")
    back = Movement(
        id=new_id(),
        variant_id=done.variant_id,
        reason=Reason.UNDO,
        on_hand=-done.on_hand,
        allocated=0,
        source=f"undo:{movement_id}",
        at=now,
        actor=visitor.member.user_id,
    )
    if not ledger.add(back):
        raise Conflict("undo_too_late")
    facts = {"movement": back.id, "undone": movement_id, "by": str(back.on_hand)}
    spread(conn, visitor, done.variant_id, "undo", facts, now)
    if where := place_of(done):
        ShownStock(conn, visitor.seller_id).place_next(done.listing_variant_id, where)
    return done.variant_id


def can_be_undone(done: Movement, now: datetime) -> bool:
    return done.reason in UNDOABLE and now - done.at <= UNDO_LASTS


def card_moved(conn: Connection, seller_id: str, variant_id: str, now: datetime) -> None:
    """Have every card that shows a variant's stock brought up to date."""
    views = sorted({each.view_id for each in Cards(conn, seller_id).of(SUBJECT, variant_id)})
    if views:
        version = card_version(conn, seller_id, variant_id)
        payload = {"variant_id": variant_id}
        key = f"stock:{variant_id}:{version}"
        tell(conn, seller_id, EventKind.STOCK_MOVED, key, payload, now=now, views=views)


def card_version(conn: Connection, seller_id: str, variant_id: str) -> int:
    """Return a number that grows whenever the ledger or what a shop shows of a variant moves."""
    balance = Ledger(conn, seller_id).balances([variant_id]).get(variant_id)
    shown = ShownStock(conn, seller_id).of_variant(variant_id)
    return (balance.version if balance else 0) + sum(each.version for each in shown)


def spread(
    conn: Connection, visitor: Visitor, variant_id: str, what: str, facts: dict[str, str], now: datetime
) -> None:
    """Have every shop that sells the variant show what is available now, and note who said so."""
    shown = ShownStock(conn, visitor.seller_id)
    shown.follow(variant_id, now)
    shown.accept(variant_id, now)
    shown.wake([variant_id], now, asked=True)
    watch(conn, visitor.seller_id, [variant_id], now)
    Audit(conn, visitor.seller_id).add(
        actor=visitor.member.user_id,
        action=f"stock.{what}",
        subject=f"variant:{variant_id}",
        facts=facts,
        now=now,
    )
