"""Sellers as a whole: what the host may see and set, everything out as a file, everything gone."""

import json
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

from structlog.stdlib import get_logger

from domain.chats import Visitor
from domain.clock import Clock
from domain.errors import Conflict, InputError, NotFound
from domain.pausing import HOST
from domain.people import Member, Role
from domain.shops import Shop, ShopState
from services.decisions import need
from services.limits import assert_usable
from services.pausing import pause_in, resume_in
from storage.database import Connection, Database
from storage.repositories import belongings, sellers
from storage.repositories.audit import Audit
from storage.repositories.sellers import LIMITS, SellerRow
from storage.repositories.shops import Shops

LARGEST_BYTES = 49_000_000
"""A bot may send files of 50 MB."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SellerDetails:
    """One seller with members and shops."""

    seller: SellerRow
    members: tuple[Member, ...]
    shops: tuple[Shop, ...]


class SellerService:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def all(self) -> list[SellerRow]:
        return await self._db.read(sellers.all_of)

    async def find(self, named: str) -> SellerRow:
        """Return the seller with this id or name. Raises NotFound, or Conflict when several have the name."""
        found = await self._db.read(lambda conn: sellers.named(conn, named))
        if not found:
            raise NotFound("seller_unknown", named=named)
        if len(found) > 1:
            raise Conflict("seller_ambiguous", ids=", ".join(each.id for each in found))
        return found[0]

    async def show(self, named: str) -> SellerDetails:
        row = await self.find(named)
        members, shops = await self._db.read(
            lambda conn: (sellers.members_of(conn, row.id), Shops(conn, row.id).all())
        )
        return SellerDetails(row, tuple(members), tuple(shops))

    async def limit(self, named: str, limits: dict[str, int]) -> SellerRow:
        """Set limits by their words (`LIMITS`). Raises InputError("limit_unusable")."""
        for word, value in limits.items():
            if word not in LIMITS:
                raise InputError("limit_unusable", limit=word, value=value)
            assert_usable(word, value)
        row, now = await self.find(named), self._clock()

        def work(conn: Connection) -> None:
            sellers.limit(conn, row.id, limits)
            facts = {word: str(value) for word, value in sorted(limits.items())}
            Audit(conn, row.id).add(
                actor="host", action="seller.limited", subject=f"seller:{row.id}", facts=facts, now=now
            )

        await self._db.write(work, "sellers.limit")
        return replace(row, limits=row.limits | limits)

    async def pause(self, named: str) -> SellerRow:
        """Stop all writes to a seller's shops. Raises Conflict("moved_on") when they are stopped."""
        row, now = await self.find(named), self._clock()
        await self._db.write(lambda conn: pause_in(conn, row.id, HOST, now), "sellers.pause")
        return row

    async def resume(self, named: str) -> SellerRow:
        """Let the writes to a seller's shops go on. Raises Conflict("moved_on") when they do."""
        row, now = await self.find(named), self._clock()
        await self._db.write(lambda conn: resume_in(conn, row.id, HOST, now), "sellers.resume")
        return row

    async def export(self, seller_id: str, into: Path) -> dict[str, int]:
        """Write everything of a seller into a zip of JSON lines, one file a table, without any secret.

        Return how many rows each file has.
        """
        made_at = self._clock()

        def work(conn: Connection) -> dict[str, int]:
            counts: dict[str, int] = {}
            into.touch(mode=0o600)
            with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as packed:
                for name, lines in belongings.export(conn, seller_id):
                    with packed.open(f"{name}.jsonl", "w", force_zip64=True) as file:
                        counts[name] = sum(1 for line in lines if file.write(f"{line}\n".encode()))
                about = {"seller": seller_id, "made_at": made_at.isoformat(), "rows": counts}
                packed.writestr("about.json", json.dumps(about, indent=2))
            return counts

        return await self._db.read(work)

    async def mine(self, visitor: Visitor, into: Path) -> dict[str, int]:
        """Export the visitor's own seller. Raises NotAllowed("role"), InputError("export_too_large")."""
        need(visitor, Role.OWNER)
        counts = await self.export(visitor.seller_id, into)
        if _size_of(into) > LARGEST_BYTES:
            raise InputError("export_too_large")
        return counts

    async def forget(self, visitor: Visitor, typed: str) -> None:
        """Delete the visitor's own seller, if its name was typed. Raises InputError("name_differs")."""
        need(visitor, Role.OWNER)
        row = await self.find(visitor.seller_id)
        if not is_named(row, typed):
            raise InputError("name_differs", name=row.name)
        await self.delete(row.id)

    async def delete(self, seller_id: str) -> dict[str, int]:
        """Destroy the seller's keys, then all its rows; nothing of it can be read afterwards.

        Return how many rows went from each table. Killed between the two, it may be run again.
        """

        def shred(conn: Connection) -> None:
            shops = Shops(conn, seller_id)
            for shop in shops.all():
                shops.set(shop.id, state=ShopState.UNLINKED)  # nothing is read or sent from here on
            belongings.shred(conn, seller_id)

        await self._db.write(shred, "sellers.shred")
        gone = await self._db.write(lambda conn: belongings.erase(conn, seller_id), "sellers.erase")
        await self._db.scrub()
        log.info("seller.deleted", seller=seller_id, rows=sum(gone.values()))
        return gone


def is_named(row: SellerRow, typed: str) -> bool:
    """Tell whether what was typed is the seller's name; spaces and letters' case do not matter."""
    return " ".join(typed.split()).casefold() == " ".join(row.name.split()).casefold()


def _size_of(file: Path) -> int:
    return file.stat().st_size
