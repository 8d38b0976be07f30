"""What orders do to the parcels in our hands, in the transaction that takes them in."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.events import EventKind
from domain.orders import OrderSnapshot, OrderStatus, Parcel
from domain.parcels import (
    ENDED,
    NUMBER_SOON,
    OFF,
    WORK,
    Packing,
    PackState,
    ShipStep,
    called_off,
    follow,
    goods_of,
    said_of,
)
from domain.shops import Shop
from services.ledger import TakenOrder
from services.outbox import tell
from storage.database import Connection
from storage.repositories import parcels
from storage.repositories.batches import Batches
from storage.repositories.cards import Cards
from storage.repositories.packings import Packings

ORDER = "order"
"""The subject of an order's card."""


@dataclass(frozen=True, slots=True)
class CalledOff:
    """Parcels of one order that somebody has to pull out, and whose view hears it."""

    parcel_ids: tuple[str, ...]
    view_ids: tuple[str, ...]


def follow_orders(
    conn: Connection, shop: Shop, taken: Sequence[TakenOrder], was_arranged: Collection[str], now: datetime
) -> dict[str, CalledOff]:
    """Bring our state of each parcel after its order; return by order what has to be pulled out from now on."""
    packings = Packings(conn, shop.seller_id)
    known = packings.of_orders([each.order_id for each in taken])
    by_order: dict[str, dict[str, Packing]] = defaultdict(dict)
    for mine in known:
        by_order[mine.order_id][mine.external_id] = mine
    concerned = [each for each in taken if each.order_id in by_order or each.seen.status in WORK]
    numbers = [parcel.external_id for each in concerned for parcel in each.seen.parcels]
    ids = parcels.ids_of(conn, shop.id, numbers) if numbers else {}
    moved: list[tuple[Packing, PackState]] = []
    for each in concerned:
        ours = by_order[each.order_id]
        _expect_numbers(conn, packings, ours, now)
        packings.add(_new(shop, each, ours, ids))
        moved += _moves(each.seen, ours, was_arranged=each.order_id in was_arranged)
        _follow_goods(conn, packings, each.seen, ours, now)
    for parcel, after in moved:
        _move(packings, parcel, after)
    return _tell(conn, shop, [parcel for parcel, _ in moved], now) if moved else {}


def take_numbers(conn: Connection, shop: Shop, told: Mapping[str, str]) -> None:
    """Keep numbers that pushes named, of parcels without one: what is arranged anew is asked for."""
    packings = Packings(conn, shop.seller_id)
    for each in packings.of_shop(shop.id, told):
        if not each.number:
            packings.number(each.parcel_id, told[each.external_id])


def batch_moved(conn: Connection, seller_id: str, batch_id: str, now: datetime) -> None:
    """Have the message that shows a batch brought up to date."""
    batches = Batches(conn, seller_id)
    batches.touch(batch_id)
    batch = batches.get(batch_id)
    if batch is None:
        return
    about = f"batch:{batch_id}:"
    tell(
        conn,
        seller_id,
        EventKind.BATCH_MOVED,
        f"{about}{batch.version}",
        {"batch_id": batch_id},
        now=now,
        views=[batch.view_id],
        instead_of=about,
    )


def order_moved(conn: Connection, seller_id: str, order_id: str, now: datetime) -> None:
    """Have the messages that follow an order's parcels brought up to date, where there are any."""
    views = sorted({card.view_id for card in Cards(conn, seller_id).of(ORDER, order_id)})
    version = version_of(Packings(conn, seller_id).of_orders([order_id]))
    if views:
        key, payload = f"order:parcels:{order_id}:{version}", {"order_id": order_id}
        tell(conn, seller_id, EventKind.ORDER_MOVED, key, payload, now=now, views=views)


def version_of(parcels: Sequence[Packing]) -> int:
    """Return a number that grows whenever one of an order's parcels moves."""
    return sum(each.version for each in parcels)


def _new(
    shop: Shop, order: TakenOrder, ours: dict[str, Packing], ids: dict[str, str]
) -> list[dict[str, object]]:
    """Return rows for the parcels of an order that nobody knew yet."""
    rows = []
    for parcel in order.seen.parcels:
        state = follow(None, said_of(order.seen, parcel), printed=0, was_arranged=False)
        if parcel.external_id not in ours and state is not None:
            rows.append(_row(shop, order, parcel, state, ids[parcel.external_id]))
    return rows


def _row(
    shop: Shop, order: TakenOrder, parcel: Parcel, state: PackState, parcel_id: str
) -> dict[str, object]:
    goods = goods_of(order.seen, parcel)
    return {
        "parcel_id": parcel_id,
        "shop_id": shop.id,
        "order_id": order.order_id,
        # Without a name it could be in nobody's lane: how it travels is one until the courier is known.
        "courier": parcel.courier or order.seen.courier or _worded(parcel.courier_id),
        "is_instant": parcel.is_instant,
        "ship_by": order.seen.ship_by,
        "sku": goods.sku,
        "units": goods.units,
        "is_mixed": goods.is_mixed,
        "state": state,
    }


def _worded(courier_id: str) -> str:
    return courier_id.replace("_", " ").capitalize()


def _moves(
    seen: OrderSnapshot, ours: dict[str, Packing], *, was_arranged: bool
) -> list[tuple[Packing, PackState]]:
    """Tell which of our parcels change by this; one the order was cut out of is called off."""
    told = {parcel.external_id: parcel for parcel in seen.parcels}
    moves = []
    for number, mine in ours.items():
        after: PackState | None
        if number in told:
            said = said_of(seen, told[number])
            after = follow(mine.state, said, printed=mine.printed, was_arranged=was_arranged)
        else:  # an order that is cancelled may show no parcels at all any more
            is_off = bool(told) or seen.status is OrderStatus.CANCELLED
            after = called_off(mine.state, mine.printed) if is_off else mine.state
        if after is not None and after is not mine.state:
            moves.append((mine, after))
    return moves


def _follow_goods(
    conn: Connection, packings: Packings, seen: OrderSnapshot, ours: dict[str, Packing], now: datetime
) -> None:
    """Bring what a parcel holds, and until when it must leave, to what its order says: units may be cancelled."""
    if seen.status not in WORK:
        return
    for told in seen.parcels:
        mine = ours.get(told.external_id)
        if mine is None or mine.state in OFF | ENDED or not (told.lines or len(seen.parcels) == 1):
            continue
        goods = goods_of(seen, told)
        courier = told.courier or mine.courier  # some platforms name who comes only when it is arranged
        now_held = (goods.sku, goods.units, goods.is_mixed, courier, seen.ship_by)
        if now_held == (mine.sku, mine.units, mine.is_mixed, mine.courier, mine.ship_by):
            continue
        packings.hold(mine, goods, courier, seen.ship_by)
        if mine.batch_id:
            batch_moved(conn, packings.seller_id, mine.batch_id, now)


def _move(packings: Packings, parcel: Packing, after: PackState) -> None:
    values: dict[str, object] = {}
    if after is PackState.DROPPED:
        values |= {"batch_id": None, "position": 0}
    if after in OFF or after is PackState.TO_ARRANGE:
        values |= {"step": ShipStep.NONE, "choice": "", "reason": "", "attempts": 0}
    if after is PackState.ARRANGED:
        # Without the lease's end, which would look as if the number had been asked for then.
        values |= {"step": ShipStep.NONE, "reason": "", "attempts": 0, "due_at": None}
    packings.move(parcel, after, **values)


def _expect_numbers(conn: Connection, packings: Packings, ours: dict[str, Packing], now: datetime) -> None:
    """Ask for a missing number now: news of the order may be that the courier has given it.

    Unless it is asked for in a moment anyway: that the order is arranged is news of what we did ourselves.
    """
    soon = now + NUMBER_SOON
    for each in ours.values():
        is_soon = each.due_at and now < each.due_at <= soon
        if each.state is PackState.ARRANGED and not each.number and each.batch_id and not is_soon:
            packings.put(each.parcel_id, due_at=None)
            Batches(conn, packings.seller_id).touch(each.batch_id, labels_due_at=now)


def _tell(conn: Connection, shop: Shop, moved: Sequence[Packing], now: datetime) -> dict[str, CalledOff]:
    """Bring the batches up to date, and find out who has what was called off in hand."""
    seller_id = shop.seller_id
    held = sorted({each.batch_id for each in moved if each.batch_id})
    for batch_id in held:
        batch_moved(conn, seller_id, batch_id, now)
    batches = Batches(conn, seller_id).many(held)
    fresh = Packings(conn, seller_id).of_orders({each.order_id for each in moved})
    before = {each.parcel_id: each.state for each in moved}
    off: dict[str, list[Packing]] = defaultdict(list)
    for each in fresh:
        if each.state is PackState.PULL_OUT and before.get(each.parcel_id, each.state) is not each.state:
            off[each.order_id].append(each)
    return {
        order_id: CalledOff(
            tuple(each.parcel_id for each in them),
            tuple(sorted({batches[each.batch_id].view_id for each in them if each.batch_id in batches})),
        )
        for order_id, them in off.items()
    }
