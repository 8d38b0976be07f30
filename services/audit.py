"""The audit: walked from its beginning to its head for the host, and read page by page by who manages a seller."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from domain.changes import Change
from domain.chats import Visitor
from domain.people import Role
from services.decisions import need
from storage.database import Connection, Database
from storage.repositories.audit import Audit, AuditRow, ChainLook, verify_all
from storage.repositories.catalogue import Catalogue
from storage.repositories.changes import Changes
from storage.repositories.listings import Listings
from storage.repositories.members import Members
from storage.repositories.orders import Orders
from storage.repositories.shops import Shops

PAGE = 8
TAIL = 6
"""So much of an order's number names it."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What somebody did. `who` is empty for who is no member any more; `about` names what it was done to.

    `numbers` are those of the row's facts that are numbers; `change` is the price it speaks of, the last one
    of `count` where it stands for prices of the bulk change `bulk_id`.
    """

    at: datetime
    actor: str
    who: str
    action: str
    about: str
    facts: dict[str, str]
    numbers: dict[str, Decimal]
    change: Change | None
    count: int = 1
    bulk_id: str = ""


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of what was done up to the row `upto`, the newest first."""

    entries: tuple[AuditEntry, ...]
    page: int
    pages: int
    upto: int


class AuditService:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def verify(self) -> list[ChainLook]:
        """Find rows that were deleted, altered, moved, or cut from the end, in all chains."""
        return await self._db.read(verify_all)

    async def page(self, visitor: Visitor, page: int = 1, upto: int | None = None) -> AuditPage:
        """Return a page up to a row, so that pages do not shift (the newest first). Raises NotAllowed("role")."""
        need(visitor, Role.MANAGER)

        def work(conn: Connection) -> AuditPage:
            audit = Audit(conn, visitor.seller_id)
            last, count = audit.span(upto)
            pages = max(1, -(-count // PAGE))
            at = min(max(page, 1), pages)
            rows = audit.list_latest(last, offset=(at - 1) * PAGE, limit=PAGE)
            return AuditPage(tuple(_entry(conn, visitor.seller_id, row) for row in rows), at, pages, last)

        return await self._db.read(work)


def _entry(conn: Connection, seller_id: str, row: AuditRow) -> AuditEntry:
    who = Members(conn, seller_id).get(row.actor)
    change = Changes(conn, seller_id).get(row.facts["change"]) if "change" in row.facts else None
    return AuditEntry(
        at=row.at,
        actor=row.actor,
        who=who.name if who else "",
        action=row.action,
        about=_named(conn, seller_id, row.subject, change),
        facts=row.facts,
        numbers={name: number for name, value in row.facts.items() if (number := _number(value)) is not None},
        change=change,
        count=row.count,
        bulk_id=row.subject.partition(":")[2] if row.count > 1 else "",
    )


def _named(conn: Connection, seller_id: str, subject: str, change: Change | None) -> str:
    """Name what a row was about, as far as it still is there."""
    kind, _, about = subject.partition(":")
    if kind == "shop":
        shop = Shops(conn, seller_id).get(about)
        return shop.name if shop else ""
    if kind == "member":
        member = Members(conn, seller_id).get(about)
        return member.name if member else ""
    if kind == "order":
        order = Orders(conn, seller_id).get(about)
        return f"…{order.snapshot.external_id[-TAIL:]}" if order else ""
    if kind == "listing":
        listing = Listings(conn, seller_id).get(about)
        return listing.title if listing else ""
    catalogue = Catalogue(conn, seller_id)
    if change:
        shown = catalogue.listing_variant(change.listing_variant_id)
        return (shown.sku or shown.title) if shown else ""
    variant = catalogue.variant(about) if kind == "variant" else None
    return (variant.sku or variant.title) if variant else ""


def _number(value: str) -> Decimal | None:
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
