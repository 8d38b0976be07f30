"""The kill-switch of one seller, and whether a shop may be written to."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, select, update

from domain.pausing import Pause
from domain.shops import ShopState
from storage.tables.people import member, seller
from storage.tables.shops import shop

OPEN: ColumnElement[bool] = and_(seller.c.writes_paused_at.is_(None), shop.c.state != ShopState.PAUSED)
"""Whether writes to a shop may leave, for queries that have joined its seller and the shop."""


class Pauses:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def find(self) -> Pause | None:
        """Return the pause that is on, with the name of the member who made it."""
        by = and_(member.c.seller_id == seller.c.id, member.c.user_id == seller.c.writes_paused_by)
        query = (
            select(seller.c.writes_paused_at, seller.c.writes_paused_by, member.c.name)
            .join(member, by, isouter=True)
            .where(self._mine)
        )
        at, who, name = self._conn.execute(query).one()
        return Pause(at, who, name or "") if at else None

    def version(self) -> int:
        """Return a number that grows with every pause, resume and changed limit."""
        found: int = self._conn.execute(select(seller.c.version).where(self._mine)).scalar_one()
        return found

    def begin(self, by: str, now: datetime) -> bool:
        """Pause; False when it is paused already."""
        return self._set(seller.c.writes_paused_at.is_(None), now, by)

    def end(self) -> bool:
        """Resume; False when nothing is paused."""
        return self._set(seller.c.writes_paused_at.is_not(None), None, "")

    def _set(self, was: ColumnElement[bool], at: datetime | None, by: str) -> bool:
        query = update(seller).where(self._mine, was)
        values = {"writes_paused_at": at, "writes_paused_by": by, "version": seller.c.version + 1}
        return self._conn.execute(query.values(values)).rowcount == 1

    @property
    def _mine(self) -> ColumnElement[bool]:
        return seller.c.id == self._seller_id


def is_held(conn: Connection, shop_id: str) -> bool:
    """Tell whether nothing may be written to a shop now: its seller has paused, or the shop is."""
    query = select(shop.c.id).join(seller, seller.c.id == shop.c.seller_id).where(shop.c.id == shop_id)
    return conn.execute(query.where(~OPEN)).first() is not None
