"""What waits for the end of a promotion: followed while it waits, told when it went through, called off.

A price waits as an approved change, a stock as a number that is not sent; both wait in the database, and
the sweep that finds what is due finds them, too. What a platform says of its promotions may move their end.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.catalogue import Variant
from domain.changes import ChangeState
from domain.chats import Visitor
from domain.errors import Conflict, NotFound
from domain.events import EventKind
from domain.locks import BELOW_RESERVED, CALLED_OFF, known_end, next_look, wave
from domain.money import Money
from domain.people import Role
from domain.shops import Shop
from domain.stock import ShownState
from domain.tickets import Action, ButtonTicket
from services import decisions
from services.counting import card_moved
from services.decisions import moved, need
from services.outbox import tell
from services.views import Pressed, PressResult
from storage.database import Connection, Database
from storage.repositories import directory
from storage.repositories.audit import Audit
from storage.repositories.cards import Cards
from storage.repositories.catalogue import Catalogue
from storage.repositories.changes import Changes
from storage.repositories.shown_stock import Shown, ShownStock

GATHERED = timedelta(seconds=15)
"""So long after the first of them all that waited for one end is told, in one message."""
UNDECIDED = frozenset({ChangeState.APPROVED, ChangeState.APPLYING, ChangeState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Freed:
    """One thing that went through when a promotion had ended: a price, or how many units a shop shows."""

    variant: Variant
    price: Money | None = None
    units: int = 0
    proposal_id: str = ""


@dataclass(frozen=True, slots=True)
class LockEnd:
    """What became of all that waited for one end in one shop; `waiting` is on its way still."""

    shop: Shop
    freed: tuple[Freed, ...]
    waiting: int


class LockService:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def ended(self, seller_id: str, shop_id: str, until: datetime, since: datetime) -> LockEnd:
        """Return what went through since then of what waited for this end. Raises NotFound("shop_unknown")."""

        def work(conn: Connection) -> LockEnd:
            shop = directory.shop_by_id(conn, shop_id)
            if shop.seller_id != seller_id:
                raise NotFound("shop_unknown")
            changes = Changes(conn, seller_id).released(shop_id, until)
            stocks = ShownStock(conn, seller_id).released(shop_id, until)
            catalogue = Catalogue(conn, seller_id)
            freed = [
                Freed(variant, price=each.after, proposal_id=each.proposal_id)
                for each in changes
                if each.state is ChangeState.APPLIED
                and each.ended_at
                and each.ended_at >= since
                and (shown := catalogue.listing_variant(each.listing_variant_id))
                and (variant := catalogue.variant(shown.variant_id))
            ]
            freed += [
                Freed(variant, units=each.units)
                for each in stocks
                if each.freed_at
                and each.freed_at >= since
                and (variant := catalogue.variant(each.variant_id))
            ]
            waiting = sum(each.state in UNDECIDED for each in changes) + sum(
                each.is_waiting for each in stocks
            )
            return LockEnd(shop, tuple(freed), waiting)

        return await self._db.read(work)


def went_through(conn: Connection, seller_id: str, shop_id: str, until: datetime, now: datetime) -> None:
    """Tell that something that waited for this end went through: together with what follows within a moment."""
    about = f"freed:{shop_id}:{until.isoformat()}:"
    payload = {"shop_id": shop_id, "until": until.isoformat(), "since": now.isoformat()}
    key, later = about + now.isoformat(), now + GATHERED
    tell(conn, seller_id, EventKind.LOCK_ENDED, key, payload, now=now, not_before=later, gathers=about)


def went_wrong(
    conn: Connection, seller_id: str, shop_id: str, proposal_id: str, now: datetime, kind: EventKind
) -> None:
    """Show a price anew that waited and was not sent after all: whoever approved it looks elsewhere by now."""
    views = [view_id for view_id, _ in Cards(conn, seller_id).views_that_decide({shop_id}, but_for="")]
    payload = {"proposal_id": proposal_id}
    tell(conn, seller_id, kind, f"unsent:{proposal_id}", payload, now=now, views=views)


def follow_locks(conn: Connection, seller_id: str, shop_id: str, now: datetime) -> None:
    """Bring what waits to what was just read of the shop's promotions: their ends move, or they are over."""
    for proposal_id in Changes(conn, seller_id).follow_locks(shop_id, now):
        moved(conn, seller_id, proposal_id, now)
    shown = ShownStock(conn, seller_id)
    for row in shown.locked(shop_id):
        ends_at = known_end(row.promotion_ends, now)
        is_freed = row.reason == BELOW_RESERVED and not row.is_short
        is_ended = row.locked_until is not None and row.locked_until > now and ends_at is None
        if is_freed or is_ended:
            shown.move(row, due_at=now, locked_until=wave(now))
        elif ends_at and row.locked_until != ends_at:
            shown.move(row, due_at=ends_at, locked_until=ends_at)
        else:
            continue
        card_moved(conn, seller_id, row.variant_id, now)


def lock(conn: Connection, seller_id: str, row: Shown, reason: str, now: datetime, **values: Any) -> None:
    """Have a number wait for the end of the promotion that holds it."""
    ends_at = known_end(row.promotion_ends, now)
    values |= {
        "state": ShownState.LOCKED,
        "reason": reason,
        "due_at": next_look(ends_at, now),
        "locked_since": row.locked_since if row.is_waiting else now,
        "locked_until": ends_at,
        "freed_at": None,
    }
    ShownStock(conn, seller_id).move(row, **values)


def rest(conn: Connection, seller_id: str, row: Shown, now: datetime, **values: Any) -> None:
    """Leave a number that shows what it should; where a promotion keeps more than there is, until that ends."""
    if row.is_short:
        lock(conn, seller_id, row, BELOW_RESERVED, now, **values)
        return
    ShownStock(conn, seller_id).move(row, state=ShownState.IDLE, reason="", **values)


def freed(conn: Connection, seller_id: str, row: Shown, now: datetime) -> dict[str, Any]:
    """Return what to note of a number that was set, and tell it if it had waited for that."""
    if not row.is_waiting or row.is_short:
        return {}
    until = known_end(row.locked_until, now) or row.locked_until or wave(now)
    went_through(conn, seller_id, row.shop_id, until, now)
    return {"freed_at": now, "locked_until": until}


def press_in(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    """Call off what waits: prices of a proposal, or the stock of a variant. Raises Conflict("moved_on")."""
    if ticket.action is Action.CALL_OFF_PRICE:
        decisions.call_off(conn, visitor, ticket.object_id, now)
        return Pressed(PressResult.PRICE_CALLED_OFF, ticket.object_id)
    need(visitor, Role.PACKER)
    # Whatever number waits by now, this says not to send it: its card may have moved on while it was read.
    shown = ShownStock(conn, visitor.seller_id)
    waiting = [row for row in shown.of_variant(ticket.object_id) if row.state is ShownState.LOCKED]
    for row in waiting:
        shown.move(row, state=ShownState.IDLE, reason=CALLED_OFF, locked_since=None, locked_until=None)
    if not waiting:
        raise Conflict("moved_on")
    Audit(conn, visitor.seller_id).add(
        actor=visitor.member.user_id,
        action="stock.called_off",
        subject=f"variant:{ticket.object_id}",
        facts={"shops": " ".join(sorted(row.shop_id for row in waiting))},
        now=now,
    )
    card_moved(conn, visitor.seller_id, ticket.object_id, now)
    return Pressed(PressResult.STOCK_CALLED_OFF, ticket.object_id)
