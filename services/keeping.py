"""How a variant's stock is kept: counted by us, made to order, or left to the shops; and what is kept back."""

from datetime import datetime

from domain.chats import Visitor
from domain.errors import Conflict, InputError, NotFound
from domain.people import Role
from domain.stock import MOST, Keeping, Policy
from domain.tickets import Action, ButtonTicket
from services.decisions import need
from services.views import Pressed, PressResult
from services.watching import watch
from storage.database import Connection
from storage.repositories.audit import Audit
from storage.repositories.ledger import Ledger
from storage.repositories.shown_stock import ShownStock

POLICIES = {
    Action.KEEP_TRACKED: Policy.TRACKED,
    Action.KEEP_MADE_TO_ORDER: Policy.MADE_TO_ORDER,
    Action.KEEP_UNMANAGED: Policy.UNMANAGED,
}
RECOUNT = "recount"
"""Why nothing is sent of a variant that is kept again: what was counted before is old."""


def press_in(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    """Keep a variant as a button says, if nobody said otherwise since it was shown."""
    need(visitor, Role.MANAGER)
    variant_id, policy = ticket.object_id, POLICIES[ticket.action]
    known = _known(conn, visitor, variant_id)
    if known.version != ticket.object_version:
        raise Conflict("moved_on")
    if policy is not known.policy:
        _write(conn, visitor, variant_id, known, Keeping(policy, known.keeps_back, known.version), now)
        shown = ShownStock(conn, visitor.seller_id)
        if policy is Policy.TRACKED:
            shown.hold(variant_id, RECOUNT)
        else:
            shown.let_go(variant_id)
        watch(conn, visitor.seller_id, [variant_id], now)
    return Pressed(PressResult.KEPT_SO, variant_id)


def keep_back(conn: Connection, visitor: Visitor, variant_id: str, units: int, now: datetime) -> None:
    """Leave units out of what the shops show. Raises InputError("stock_number")."""
    need(visitor, Role.MANAGER)
    if not 0 <= units <= MOST:
        raise InputError("stock_number", most=MOST)
    known = _known(conn, visitor, variant_id)
    _write(conn, visitor, variant_id, known, Keeping(known.policy, units, known.version), now)
    shown = ShownStock(conn, visitor.seller_id)
    shown.keep_back(variant_id, units)
    shown.wake([variant_id], now, asked=True)


def _known(conn: Connection, visitor: Visitor, variant_id: str) -> Keeping:
    known = Ledger(conn, visitor.seller_id).keeping(variant_id)
    if known is None:
        raise NotFound("variant_unknown")
    return known


def _write(
    conn: Connection, visitor: Visitor, variant_id: str, known: Keeping, wanted: Keeping, now: datetime
) -> None:
    ledger = Ledger(conn, visitor.seller_id)
    if not ledger.keep(variant_id, wanted.policy, wanted.keeps_back, known.version):
        raise Conflict("moved_on")
    Audit(conn, visitor.seller_id).add(
        actor=visitor.member.user_id,
        action="stock.keeping",
        subject=f"variant:{variant_id}",
        facts={
            "policy": f"{known.policy} -> {wanted.policy}",
            "keeps_back": f"{known.keeps_back} -> {wanted.keeps_back}",
        },
        now=now,
    )
