"""What a seller may have as a file, row by row as it is stored: cells in the order of `domain.exports.LAYOUTS`."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, select

from domain.catalogue import ListingState
from domain.exports import ROWS_AT_MOST, Export
from domain.shops import ShopState
from storage.tables.catalogue import listing, listing_variant, product, variant
from storage.tables.orders import order_line, sale_order
from storage.tables.people import member
from storage.tables.shops import shop
from storage.tables.stock import stock_balance, stock_movement

MADE = "export.made"
_AT_ONCE = 1000


def rows(
    conn: Connection, seller_id: str, what: Export, shops: Collection[str], since: datetime
) -> Iterator[Row[Any]]:
    """Yield what a file of this kind holds, of these shops (none: of all); orders placed `since` then.

    Of too many rows the newest; one more than that tells that there are more.
    """
    query = {Export.PRODUCTS: _products, Export.ORDERS: _orders, Export.MOVEMENTS: _movements}[what](
        seller_id
    )
    if what is Export.ORDERS:
        query = query.where(sale_order.c.placed_at >= since)
    if what is not Export.MOVEMENTS and shops:
        query = query.where(shop.c.id.in_(shops))
    yield from conn.execution_options(yield_per=_AT_ONCE).execute(query.limit(ROWS_AT_MOST + 1))


def counts(conn: Connection, seller_id: str, shops: Collection[str], since: datetime) -> dict[Export, int]:
    """Return how many rows each file would have."""
    mine = listing_variant.c.seller_id == seller_id
    sold = (sale_order.c.seller_id == seller_id) & (sale_order.c.placed_at >= since)
    in_shops = [listing_variant.c.shop_id.in_(shops)] if shops else []
    of_shops = [sale_order.c.shop_id.in_(shops)] if shops else []
    lines = (
        select(func.count())
        .select_from(order_line)
        .join(sale_order, sale_order.c.id == order_line.c.order_id)
    )
    moved = select(func.count()).select_from(stock_movement).where(stock_movement.c.seller_id == seller_id)
    listed = select(func.count()).select_from(listing_variant)
    return {
        Export.PRODUCTS: int(conn.scalar(_listed(listed).where(mine, *in_shops)) or 0),
        Export.ORDERS: int(conn.scalar(lines.where(sold, *of_shops)) or 0),
        Export.MOVEMENTS: int(conn.scalar(moved) or 0),
    }


def _listed(query: Select[Any]) -> Select[Any]:
    """Leave out what shops do not have any more."""
    return (
        query.join(listing, listing.c.id == listing_variant.c.listing_id)
        .join(shop, shop.c.id == listing_variant.c.shop_id)
        .where(listing.c.state != ListingState.DELETED, shop.c.state != ShopState.UNLINKED)
    )


def _products(seller_id: str) -> Select[Any]:
    held = and_(
        stock_balance.c.variant_id == listing_variant.c.variant_id, stock_balance.c.seller_id == seller_id
    )
    sums = func.sum(stock_balance.c.on_hand), func.sum(stock_balance.c.allocated)
    on_hand, allocated = (select(each).where(held).scalar_subquery() for each in sums)
    query = select(
        shop.c.name,
        shop.c.platform,
        listing.c.external_id,
        listing_variant.c.external_id,
        listing.c.title,
        listing_variant.c.name,
        listing_variant.c.sku,
        listing.c.state,
        listing_variant.c.currency,
        listing_variant.c.listed,
        listing_variant.c.available,
        listing_variant.c.reserved,
        on_hand,
        allocated,
    ).select_from(listing_variant)
    return (
        _listed(query)
        .where(listing_variant.c.seller_id == seller_id)
        .order_by(listing.c.updated_at.desc(), listing.c.id, listing_variant.c.position)
    )


def _orders(seller_id: str) -> Select[Any]:
    return (
        select(
            shop.c.name,
            shop.c.platform,
            sale_order.c.external_id,
            sale_order.c.status,
            sale_order.c.placed_at,
            sale_order.c.ship_by,
            sale_order.c.courier,
            order_line.c.sku,
            order_line.c.title,
            order_line.c.variant_name,
            order_line.c.quantity,
            order_line.c.cancelled,
            sale_order.c.currency,
            order_line.c.unit_price,
        )
        .select_from(order_line)
        .join(sale_order, sale_order.c.id == order_line.c.order_id)
        .join(shop, shop.c.id == sale_order.c.shop_id)
        .where(sale_order.c.seller_id == seller_id)
        .order_by(sale_order.c.placed_at.desc(), sale_order.c.id, order_line.c.position)
    )


def _movements(seller_id: str) -> Select[Any]:
    who = and_(member.c.seller_id == stock_movement.c.seller_id, member.c.user_id == stock_movement.c.actor)
    return (
        select(
            stock_movement.c.at,
            variant.c.sku,
            product.c.title,
            variant.c.name,
            stock_movement.c.location,
            stock_movement.c.reason,
            stock_movement.c.on_hand,
            stock_movement.c.allocated,
            func.coalesce(sale_order.c.external_id, ""),
            func.coalesce(member.c.name, ""),
        )
        .select_from(stock_movement)
        .join(variant, variant.c.id == stock_movement.c.variant_id)
        .join(product, product.c.id == variant.c.product_id)
        .outerjoin(sale_order, sale_order.c.id == stock_movement.c.order_id)
        .outerjoin(member, who)
        .where(stock_movement.c.seller_id == seller_id)
        .order_by(stock_movement.c.at.desc(), stock_movement.c.seq.desc())
    )
