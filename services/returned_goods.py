"""Goods that came back: put on the shelf again or left out, once, by whoever looked at them."""

from collections.abc import Sequence
from datetime import datetime

from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import Conflict
from domain.ids import new_id
from domain.people import Role
from domain.returned_goods import (
    MOST_STEPS,
    Goods,
    GoodsLine,
    Returned,
    may_be_back,
    sorted_line,
    source,
)
from domain.returns import Return
from domain.stock import Movement, Reason
from domain.tickets import Action, ButtonTicket
from services import counting
from services.counts import CountService
from services.decisions import need
from services.returns import return_and_shop, return_moved
from services.views import Pressed, PressResult
from storage.database import Connection, Database
from storage.repositories.ledger import Ledger
from storage.repositories.returns import Returns

SORTS = {Action.PUT_BACK, Action.PUT_ONE_BACK, Action.LEAVE_OUT, Action.UNDO_SORTED}


class ReturnedGoodsService:
    def __init__(self, db: Database, clock: Clock, counts: CountService) -> None:
        self._db = db
        self._clock = clock
        self._counts = counts

    async def of(self, seller_id: str, return_id: str) -> Goods:
        """Return what came back by a return and what became of it; nothing where no goods come back."""
        now = self._clock()

        def work(conn: Connection) -> Goods:
            return goods_in(conn, return_and_shop(conn, seller_id, return_id)[0], now)

        return await self._db.read(work)

    async def spread(self, seller_id: str, return_id: str) -> None:
        """Ask the queue to bring the new numbers to every shop."""
        found = await self._db.read(lambda conn: Returns(conn, seller_id).goods(return_id))
        for variant_id in sorted({each.variant_id for each in found}):
            await self._counts.spread(seller_id, variant_id)


def goods_in(conn: Connection, back: Return, now: datetime) -> Goods:
    """Return what came back as it is in this transaction."""
    if not may_be_back(back.snapshot):
        return Goods()
    ledger, found = Ledger(conn, back.seller_id), Returns(conn, back.seller_id).goods(back.id)
    counted = ledger.balances([each.variant_id for each in found])
    said = {each.listing_variant_id: _said(ledger, back.id, each) for each in found}
    every = [step for steps in said.values() for step in steps]
    undone = ledger.undone([each.id for each in every])
    lines = tuple(
        sorted_line(each, said[each.listing_variant_id], undone, is_counted=each.variant_id in counted)
        for each in found
    )
    open_to_undo = [each for each in every if each.id not in undone and counting.can_be_undone(each, now)]
    last = max(reversed(open_to_undo), key=lambda each: each.at, default=None)
    return Goods(lines, last.id if last else "")


def press_in(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    """Do with the goods what a button says, if they are as they were shown."""
    need(visitor, Role.PACKER)
    return_id = ticket.object_id
    Returns(conn, visitor.seller_id).lock(return_id)
    back, _ = return_and_shop(conn, visitor.seller_id, return_id)
    goods = goods_in(conn, back, now)
    if goods.version != ticket.object_version:
        raise Conflict("moved_on")
    if ticket.action is Action.UNDO_SORTED:
        if not goods.undo_id:
            raise Conflict("undo_too_late")
        counting.undo(conn, visitor, goods.undo_id, now)
    else:
        _say(conn, visitor, return_id, goods.next, ticket.action, now)
    Returns(conn, visitor.seller_id).touch(return_id)
    return_moved(conn, visitor.seller_id, return_id, now)
    return Pressed(PressResult.GOODS_SORTED, return_id)


def _say(
    conn: Connection, visitor: Visitor, return_id: str, line: GoodsLine | None, what: Action, now: datetime
) -> None:
    if line is None:
        raise Conflict("moved_on")
    units = {Action.PUT_BACK: line.left, Action.PUT_ONE_BACK: 1}.get(what, 0)
    ledger = Ledger(conn, visitor.seller_id)
    step = Movement(
        id=new_id(),
        variant_id=line.of.variant_id,
        reason=Reason.RETURNED if units else Reason.LEFT_OUT,
        on_hand=units,
        allocated=0,
        source=source(return_id, line.of.listing_variant_id, _steps(ledger, return_id, line)),
        at=now,
        actor=visitor.member.user_id,
        listing_variant_id=line.of.listing_variant_id,
    )
    if not ledger.add(step):
        raise Conflict("moved_on")
    facts = {"movement": step.id, "units": str(units or line.left), "return": return_id}
    counting.spread(conn, visitor, line.of.variant_id, str(step.reason), facts, now)


def _steps(ledger: Ledger, return_id: str, line: GoodsLine) -> int:
    """Return how many steps were said of a line. Raises Conflict("moved_on") when it is enough."""
    count = len(_said(ledger, return_id, line.of))
    if count >= MOST_STEPS:
        raise Conflict("moved_on")
    return count


def _said(ledger: Ledger, return_id: str, of: Returned) -> Sequence[Movement]:
    named = [source(return_id, of.listing_variant_id, step) for step in range(MOST_STEPS)]
    found = ledger.by_source(named)
    return [found[each] for each in named if each in found]
