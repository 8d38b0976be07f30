"""The holidays of one seller's shops, and what is wished of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from domain.holidays import ShopHoliday, Wish
from domain.platform import Holiday
from storage.repositories.pauses import OPEN
from storage.tables.health import shop_holiday
from storage.tables.people import seller
from storage.tables.shops import shop
from storage.upsert import upsert


class HolidayRows:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def of(self, shop_id: str) -> ShopHoliday:
        """Return what is known of a shop; one that was never read is taken to sell."""
        query = select(shop_holiday).where(self._mine, shop_holiday.c.shop_id == shop_id)
        row = self._conn.execute(query).one_or_none()
        return _holiday_of(row) if row else ShopHoliday(shop_id)

    def resting(self) -> set[str]:
        """Return the ids of shops that are on holiday."""
        query = select(shop_holiday.c.shop_id).where(self._mine, shop_holiday.c.is_on)
        return set(self._conn.scalars(query))

    def read(self, shop_id: str, told: Holiday, now: datetime) -> None:
        """Keep what a platform says; what changed grows the version, so that cards follow."""
        known = self.of(shop_id)
        moved = (known.is_on, known.ends_at) != (told.is_on, told.ends_at)
        self._put(shop_id, is_on=told.is_on, ends_at=told.ends_at, read_at=now, version=known.version + moved)

    def wish(self, known: ShopHoliday, wish: Wish, by: str, now: datetime) -> None:
        self._put(
            known.shop_id,
            wish=wish,
            wished_by=by,
            due_at=now,
            attempts=0,
            refusal="",
            version=known.version + 1,
        )

    def later(self, known: ShopHoliday, due_at: datetime) -> None:
        self._put(known.shop_id, due_at=due_at)

    def settle(self, known: ShopHoliday, refusal: str = "") -> None:
        """End a wish: carried out, or refused for a reason."""
        values = {"wish": Wish.NONE, "due_at": None, "refusal": refusal[:48], "version": known.version + 1}
        self._put(known.shop_id, **values)

    def _put(self, shop_id: str, **values: Any) -> None:
        row = {"shop_id": shop_id, "seller_id": self._seller_id, **values}
        upsert(self._conn, shop_holiday, [row], keys=["shop_id"], update=list(values))

    @property
    def _mine(self) -> Any:
        return shop_holiday.c.seller_id == self._seller_id


def due_shops(conn: Connection, now: datetime, limit: int) -> list[str]:
    """Return shops of which something is wished that may leave now."""
    query = (
        select(shop_holiday.c.shop_id)
        .join(shop, shop.c.id == shop_holiday.c.shop_id)
        .join(seller, seller.c.id == shop_holiday.c.seller_id)
        .where(shop_holiday.c.wish != Wish.NONE, shop_holiday.c.due_at <= now, OPEN)
        .order_by(shop_holiday.c.due_at)
        .limit(limit)
    )
    return list(conn.scalars(query))


def claim(conn: Connection, shop_id: str, now: datetime, until: datetime) -> ShopHoliday | None:
    """Take a wish in hand until a moment; None when there is none that is due."""
    query = (
        update(shop_holiday)
        .where(
            shop_holiday.c.shop_id == shop_id, shop_holiday.c.wish != Wish.NONE, shop_holiday.c.due_at <= now
        )
        .values(due_at=until, attempts=shop_holiday.c.attempts + 1)
        .returning(shop_holiday)
    )
    row = conn.execute(query).one_or_none()
    return _holiday_of(row) if row else None


def _holiday_of(row: Any) -> ShopHoliday:
    return ShopHoliday(
        shop_id=row.shop_id,
        is_on=row.is_on,
        ends_at=row.ends_at,
        wish=Wish(row.wish),
        wished_by=row.wished_by,
        attempts=row.attempts,
        refusal=row.refusal,
        version=row.version,
    )
