"""Counts and orders of one lamp, as several tests of the ledger need them."""

from dataclasses import replace
from datetime import datetime, timedelta

from domain.chats import Visitor
from domain.orders import OrderSnapshot, OrderStatus
from domain.shops import Shop
from domain.stock import Level
from services import counting
from services.ledger import levels
from tests.factories import order_line, order_snapshot
from tests.integration.services.house import House

LAMP = "900001"


async def count(
    house: House, units: int, *, variant_id: str = "", by: Visitor | None = None, is_sure: bool = True
) -> counting.Counted:
    """Draw up a count and send it."""
    visitor, now = by or house.owner, house.clock()
    which = variant_id or (await house.shown()).variant_id
    draft = await house.database.write(lambda conn: counting.draw_up(conn, visitor, which, units, now), "t")
    return await house.database.write(
        lambda conn: counting.send(conn, visitor, draft.id, draft.version, now, is_sure=is_sure), "t"
    )


async def level(house: House, variant_id: str = "") -> Level:
    which = variant_id or (await house.shown()).variant_id
    found = await house.database.read(lambda conn: levels(conn, house.owner.seller_id, [which]))
    return found[which]


def numbers(found: Level) -> tuple[int, int, int]:
    return found.on_hand, found.allocated, found.available


def order(
    number: str, status: OrderStatus, quantity: int, at: datetime, *, placed_at: datetime | None = None
) -> OrderSnapshot:
    """Return what the platform says of an order of lamps at a moment."""
    return order_snapshot(
        number, status, lines=(order_line(quantity),), updated_at=at, placed_at=placed_at or at, paid_at=at
    )


async def tell(house: House, shop: Shop, *seen: OrderSnapshot) -> None:
    await house.services.orders.record(shop, list(seen))


def later(seen: OrderSnapshot, status: OrderStatus, by: timedelta) -> OrderSnapshot:
    """Return what is said of the same order some time later."""
    return replace(
        seen,
        status=status,
        raw_status=status.upper(),
        updated_at=seen.updated_at + by,
        digest=f"{status}:{by}",
    )
