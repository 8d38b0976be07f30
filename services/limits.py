"""A seller's limits of price changes, looked at and set by its owners (`promises.md` R6)."""

from dataclasses import dataclass
from datetime import datetime

from domain.caps import Cap, Limits
from domain.chats import Visitor
from domain.errors import Conflict, InputError
from domain.people import Role
from domain.tickets import ButtonTicket
from services.decisions import need
from services.views import Pressed, PressResult
from storage.database import Connection, Database
from storage.repositories import sellers
from storage.repositories.audit import Audit
from storage.repositories.members import Members
from storage.repositories.pauses import Pauses

WORDS = {Cap.CHANGE: "percent", Cap.DAY: "day", Cap.ITEMS: "items"}
HIGHEST = {"percent": 100, "day": 1000}
"""What a limit may be at most; any other may be any number up to a million."""
MOST = 1_000_000
_PARTS = ":"


@dataclass(frozen=True, slots=True)
class SellerLimits:
    """The limits, with a number that grows whenever one of them changes."""

    limits: Limits
    version: int


class LimitService:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def look(self, visitor: Visitor) -> SellerLimits:
        """Return the seller's limits. Raises NotAllowed("role")."""
        need(visitor, Role.OWNER)
        return await self._db.read(
            lambda conn: SellerLimits(
                Members(conn, visitor.seller_id).limits(), Pauses(conn, visitor.seller_id).version()
            )
        )


def about(cap: Cap, value: int) -> str:
    """Return what the ticket of a new limit speaks of."""
    return f"{cap}{_PARTS}{value}"


def assert_usable(word: str, value: int) -> None:
    """Raise InputError("limit_unusable") for a limit that is none."""
    if not 0 < value <= HIGHEST.get(word, MOST):
        raise InputError("limit_unusable", limit=word, value=value)


def press_in(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    """Set a limit as a button says, if none was changed since it was shown. Raises Conflict("moved_on")."""
    need(visitor, Role.OWNER)
    if Pauses(conn, visitor.seller_id).version() != ticket.object_version:
        raise Conflict("moved_on")
    cap, _, value = ticket.object_id.partition(_PARTS)
    word, before = WORDS[Cap(cap)], Members(conn, visitor.seller_id).limits().of(Cap(cap))
    assert_usable(word, int(value))
    sellers.limit(conn, visitor.seller_id, {word: int(value)})
    Audit(conn, visitor.seller_id).add(
        actor=visitor.member.user_id,
        action="seller.limited",
        subject=f"seller:{visitor.seller_id}",
        facts={"limit": word, "before": str(before), "after": value},
        now=now,
    )
    return Pressed(PressResult.LIMIT_SET, cap)
