"""The statements behind a list of orders, built once: building one takes longer than running it."""

from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, literal, select, union_all

from domain.orders import OrderStatus
from storage.tables.orders import order_line, sale_order
from storage.tables.shops import shop
from storage.types import UtcTime

_SELLER = sale_order.c.seller_id == bindparam("seller")
_UNTIL = sale_order.c.placed_at <= bindparam("until", type_=UtcTime)
_NOT_GONE = sale_order.c.shop_id.not_in(bindparam("gone", expanding=True))
HEADS: Select[Any] = select(
    sale_order.c.id,
    sale_order.c.external_id,
    sale_order.c.status,
    sale_order.c.raw_status,
    sale_order.c.currency,
    sale_order.c.total,
    sale_order.c.courier,
    sale_order.c.placed_at,
    sale_order.c.ship_by,
    sale_order.c.is_cod,
    shop.c.name.label("shop_name"),
).join(shop, shop.c.id == sale_order.c.shop_id)
LINES: Select[Any] = (
    select(order_line.c.order_id, order_line.c.title, order_line.c.quantity)
    .where(order_line.c.order_id.in_(bindparam("orders", expanding=True)))
    .order_by(order_line.c.position)
)
LATER = union_all(
    *(
        select(literal(status.value).label("status"), func.count().label("count")).where(
            _SELLER, sale_order.c.status == status, sale_order.c.placed_at > bindparam("until", type_=UtcTime)
        )
        for status in OrderStatus
    )
)
"""Per state, so that each count reads a short range of the index; grouped, it would read all orders."""
RIVALS = select(sale_order.c.external_id).where(
    _SELLER,
    sale_order.c.status.in_(bindparam("statuses", expanding=True)),
    func.substr(sale_order.c.number_reversed, 1, bindparam("tail", type_=Integer)).in_(
        bindparam("ends", expanding=True)
    ),
)


@cache
def page(statuses: tuple[OrderStatus, ...], *, but_for_shops: bool = False) -> Select[Any]:
    """Return one page of heads: of each status the newest, from its own index range, then the newest of those.

    With IN a database reads and sorts every order there is in these states. `but_for_shops` leaves out
    the orders of the shops in `gone`.
    """
    shown = (_NOT_GONE,) if but_for_shops else ()
    newest = sale_order.c.placed_at.desc(), sale_order.c.id
    reach = bindparam("reach", type_=Integer)
    of_each = [
        select(sale_order.c.id)
        .where(_SELLER, sale_order.c.status == status, _UNTIL, *shown)
        .order_by(*newest)
        .limit(reach)
        for status in statuses
    ]
    ids = union_all(*(select(each.subquery()) for each in of_each))
    places, skipped = bindparam("places", type_=Integer), bindparam("skipped", type_=Integer)
    return HEADS.where(sale_order.c.id.in_(ids)).order_by(*newest).limit(places).offset(skipped)
