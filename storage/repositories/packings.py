"""Parcels of one seller in the hands of those who pack."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, or_, select, update

from domain.batches import SOON
from domain.parcels import IN_HAND, NUMBER_SOON, TO_PACK, Goods, Packing, PackState, ShipStep, may_follow
from domain.shops import ShopState
from storage.repositories import pauses
from storage.repositories.words import storable
from storage.tables.orders import parcel, parcel_line, sale_order
from storage.tables.parcels import packing
from storage.tables.people import seller
from storage.tables.shops import shop


@dataclass(frozen=True, slots=True)
class LaneCount:
    """So many parcels of one courier in one state."""

    courier: str
    is_instant: bool
    state: PackState
    is_claimed: bool
    is_refused: bool
    count: int
    first_due: datetime | None


_ROWS: Select[Any] = (
    select(
        packing,
        parcel.c.external_id,
        parcel.c.tracking_number,
        parcel.c.courier_id,
        parcel.c.place,
        sale_order.c.external_id.label("order_number"),
    )
    .join(parcel, parcel.c.id == packing.c.parcel_id)
    .join(sale_order, sale_order.c.id == packing.c.order_id)
)


class Packings:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self.seller_id = seller_id

    def add(self, rows: Sequence[dict[str, Any]]) -> None:
        """Take parcels up; each names what `packing` holds but the seller."""
        if rows:
            values = [{"seller_id": self.seller_id, **each, "sku": storable(each["sku"])} for each in rows]
            self._conn.execute(packing.insert(), values)

    def of_orders(self, order_ids: Collection[str]) -> list[Packing]:
        return self._list(packing.c.order_id.in_(order_ids))

    def of_batch(self, batch_id: str) -> list[Packing]:
        """Return a batch's parcels in the order in which they are packed."""
        return self._list(packing.c.batch_id == batch_id)

    def of_shop(self, shop_id: str, external_ids: Collection[str]) -> list[Packing]:
        return self._list((packing.c.shop_id == shop_id) & parcel.c.external_id.in_(external_ids))

    def of_batches(self, batch_ids: Collection[str]) -> list[Packing]:
        return self._list(packing.c.batch_id.in_(batch_ids))

    def packed_of_batches(self, batch_ids: Collection[str]) -> dict[str, tuple[int, int]]:
        """Return of each batch how many parcels are in it, and how many of these are packed or gone."""
        done = case((packing.c.state.in_([PackState.PACKED, PackState.HANDED_OVER]), 1), else_=0)
        query = (
            select(packing.c.batch_id, func.count(), func.sum(done))
            .where(packing.c.seller_id == self.seller_id, packing.c.batch_id.in_(batch_ids))
            .group_by(packing.c.batch_id)
        )
        return {batch_id: (size, packed) for batch_id, size, packed in self._conn.execute(query)}

    def in_states(self, states: Collection[PackState], limit: int = 200) -> list[Packing]:
        return self._list(packing.c.state.in_(states), limit)

    def refused(self, limit: int = 200) -> list[Packing]:
        is_refused = (packing.c.step == ShipStep.REFUSED) & packing.c.state.in_(TO_PACK)
        return self._list(is_refused & self._is_linked, limit)

    def get(self, parcel_id: str) -> Packing | None:
        found = self._list(packing.c.parcel_id == parcel_id)
        return found[0] if found else None

    def named(self, number: str) -> list[Packing]:
        """Return the parcels whose label or order has this number, as it is or in capitals."""
        spelled = {storable(number), storable(number).upper()}
        return self._list(
            or_(
                parcel.c.tracking_number.in_(spelled),
                packing.c.order_id.in_(
                    select(sale_order.c.id).where(
                        sale_order.c.seller_id == self.seller_id,
                        sale_order.c.number_reversed == storable(number)[::-1].upper(),
                    )
                ),
            )
        )

    def counts(self, shops: Collection[str] = ()) -> list[LaneCount]:
        """Count what is not ended, by courier and state."""
        is_claimed = packing.c.batch_id.is_not(None)
        is_refused = packing.c.step == ShipStep.REFUSED
        kinds = (packing.c.courier, packing.c.is_instant, packing.c.state, is_claimed, is_refused)
        open_states = [*TO_PACK, PackState.PACKED, PackState.PULL_OUT]
        query = (
            select(*kinds, func.count(), func.min(packing.c.ship_by))
            .where(
                packing.c.seller_id == self.seller_id,
                packing.c.state.in_(open_states),
                self._is_linked,
                *_of(shops),
            )
            .group_by(*kinds)
        )
        return [
            LaneCount(courier, bool(instant), PackState(state), bool(claimed), bool(refused), count, due)
            for courier, instant, state, claimed, refused, count, due in self._conn.execute(query)
        ]

    def shops(self) -> list[str]:
        """Return the shops that have parcels here."""
        query = select(packing.c.shop_id).where(packing.c.seller_id == self.seller_id).distinct()
        return list(self._conn.scalars(query))

    def claim(
        self, batch_id: str, lane: ColumnElement[bool], limit: int, now: datetime, shops: Collection[str] = ()
    ) -> int:
        """Give unclaimed parcels of a lane to a batch: what is due soon first, then what was bought first.

        By their goods some would be left over each time others come, until their courier has gone. Two who claim at
        once get different ones: the second condition is what decides.
        """
        is_later = case((packing.c.ship_by > now + SOON, 1), else_=0)
        picked = (
            select(packing.c.parcel_id)
            .join(sale_order, sale_order.c.id == packing.c.order_id)
            .where(
                packing.c.seller_id == self.seller_id,
                packing.c.state.in_(TO_PACK),
                packing.c.step != ShipStep.REFUSED,
                self.is_free(),
                self._is_linked,
                lane,
                *_of(shops),
            )
            .order_by(is_later, sale_order.c.placed_at, packing.c.parcel_id)
            .limit(limit)
            .with_for_update(of=packing, skip_locked=True)
        )
        # One statement for both would pick more than the limit where PostgreSQL runs the inner one again and again.
        free = self._conn.scalars(picked).all()
        query = update(packing).where(packing.c.parcel_id.in_(free), self.is_free())
        claimed = {"batch_id": batch_id, "version": packing.c.version + 1}
        return self._conn.execute(query.values(claimed)).rowcount

    @staticmethod
    def is_free() -> ColumnElement[bool]:
        return packing.c.batch_id.is_(None)

    def line_up(self, batch_id: str) -> None:
        """Number a batch's parcels in the order in which they are best packed."""
        query = (
            select(packing.c.parcel_id)
            .where(packing.c.batch_id == batch_id)
            .order_by(
                packing.c.courier, packing.c.is_mixed, packing.c.sku, packing.c.units, packing.c.parcel_id
            )
        )
        for position, parcel_id in enumerate(self._conn.scalars(query).all(), 1):
            self.put(parcel_id, position=position)

    def give_back(self, batch_id: str) -> int:
        """Free what of a batch is not packed; return how many that were."""
        query = update(packing).where(packing.c.batch_id == batch_id, packing.c.state.in_(TO_PACK))
        values = {"batch_id": None, "position": 0, "version": packing.c.version + 1}
        return self._conn.execute(query.values(values)).rowcount

    def move(self, moved: Packing, after: PackState, **values: Any) -> bool:
        """Bring a parcel into another state; False when somebody was first, ValueError where none leads there."""
        if not may_follow(moved.state, after):
            raise ValueError(f"{after} does not follow on {moved.state}")
        query = update(packing).where(
            packing.c.seller_id == self.seller_id,
            packing.c.parcel_id == moved.parcel_id,
            packing.c.state == moved.state,
        )
        changed = {"state": after, "version": packing.c.version + 1} | values
        return self._conn.execute(query.values(changed)).rowcount == 1

    def due(
        self, shop_id: str, steps: Collection[ShipStep], now: datetime, limit: int = 200
    ) -> list[Packing]:
        """Return a shop's parcels whose next step is due."""
        is_due = packing.c.step.in_(steps) & (packing.c.due_at <= now)
        return self._list((packing.c.shop_id == shop_id) & is_due, limit)

    def count_asked(self, shop_id: str = "") -> int:
        """Return how many parcels wait to be arranged (in a shop)."""
        waiting = (packing.c.seller_id == self.seller_id) & (packing.c.step == ShipStep.ASKED)
        query = select(func.count()).where(waiting)
        if shop_id:
            query = query.where(packing.c.shop_id == shop_id)
        return self._conn.execute(query).scalar_one()

    def step(self, moved: Packing, step: ShipStep, **values: Any) -> bool:
        """Bring arranging a parcel a step on; False when somebody was first."""
        query = update(packing).where(
            packing.c.seller_id == self.seller_id,
            packing.c.parcel_id == moved.parcel_id,
            packing.c.step == moved.step,
            packing.c.attempts == moved.attempts,
        )
        changed = {"step": step, "version": packing.c.version + 1} | values
        return self._conn.execute(query.values(changed)).rowcount == 1

    def waiting_for_choice(self, shop_id: str, courier_id: str, place: str) -> list[Packing]:
        return self._list(
            (packing.c.shop_id == shop_id)
            & (packing.c.step == ShipStep.ASKED)
            & packing.c.due_at.is_(None)
            & (parcel.c.courier_id == courier_id)
            & (parcel.c.place == place)
        )

    def split_orders(self, order_ids: Collection[str]) -> set[str]:
        """Return those of these orders that travel in several parcels."""
        query = (
            select(parcel_line.c.order_id)
            .where(parcel_line.c.order_id.in_(order_ids))
            .group_by(parcel_line.c.order_id)
            .having(func.count(parcel_line.c.parcel_id.distinct()) > 1)
        )
        return set(self._conn.scalars(query))

    def number(self, parcel_id: str, number: str, pickup_code: str = "", courier: str = "") -> None:
        """Keep the number that a courier gave a parcel, and who that is where it is known only now."""
        query = update(parcel).where(parcel.c.seller_id == self.seller_id, parcel.c.id == parcel_id)
        self._conn.execute(query.values(tracking_number=storable(number)[:64]))
        if pickup_code:
            self.put(parcel_id, pickup_code=storable(pickup_code)[:32])
        if courier:
            self.put(parcel_id, courier=storable(courier))

    def hold(self, held: Packing, goods: Goods, courier: str, ship_by: datetime | None) -> None:
        """Keep what a parcel holds now, and who takes it."""
        values = {"sku": storable(goods.sku), "units": goods.units, "is_mixed": goods.is_mixed}
        values["courier"] = storable(courier)
        self.put(held.parcel_id, ship_by=ship_by, version=held.version + 1, **values)

    def put(self, parcel_id: str, **values: Any) -> None:
        query = update(packing).where(packing.c.seller_id == self.seller_id, packing.c.parcel_id == parcel_id)
        self._conn.execute(query.values(values))

    def hand_over(self, lane: ColumnElement[bool], now: datetime, shops: Collection[str] = ()) -> int:
        """Note that a courier has everything of a lane that is packed; return how many that were."""
        query = update(packing).where(
            packing.c.seller_id == self.seller_id, packing.c.state == PackState.PACKED, lane, *_of(shops)
        )
        values = {"state": PackState.HANDED_OVER, "handed_over_at": now, "version": packing.c.version + 1}
        return self._conn.execute(query.values(values)).rowcount

    def printed(self, parcel_ids: Collection[str], print_key: str) -> None:
        """Count a print of these labels, once however often it is sent; what was arranged is printed now."""
        query = update(packing).where(
            packing.c.seller_id == self.seller_id,
            packing.c.parcel_id.in_(parcel_ids),
            packing.c.last_print != print_key,
        )
        is_first = packing.c.state == PackState.ARRANGED
        values = {
            "printed": packing.c.printed + 1,
            "last_print": print_key,
            "state": case((is_first, PackState.PRINTED.value), else_=packing.c.state),
            "version": packing.c.version + 1,
        }
        self._conn.execute(query.values(values))

    def last_packed(self, user_id: str, since: datetime) -> Packing | None:
        """Return what a person packed last, not longer ago than that."""
        query = (
            _ROWS.where(
                packing.c.seller_id == self.seller_id,
                packing.c.packed_by == user_id,
                packing.c.packed_at >= since,
                packing.c.state.in_([*IN_HAND, PackState.HANDED_OVER]),
            )
            .order_by(packing.c.packed_at.desc())
            .limit(1)
        )
        row = self._conn.execute(query).one_or_none()
        return _packing_of(row) if row else None

    @property
    def _is_linked(self) -> ColumnElement[bool]:
        """What an unlinked shop has left behind is nobody's work here; linked again, it is what its orders say."""
        gone = select(shop.c.id).where(shop.c.seller_id == self.seller_id, shop.c.state == ShopState.UNLINKED)
        return packing.c.shop_id.not_in(gone)

    def _list(self, which: ColumnElement[bool], limit: int | None = None) -> list[Packing]:
        query = (
            _ROWS.where(packing.c.seller_id == self.seller_id, which)
            .order_by(packing.c.position, packing.c.ship_by, packing.c.parcel_id)
            .limit(limit)
        )
        return [_packing_of(row) for row in self._conn.execute(query)]


def due_soon(conn: Connection, now: datetime, until: datetime) -> list[tuple[str, str, datetime, int]]:
    """Return seller, courier, first time to ship by and count of what is not packed and due until then."""
    query = (
        select(packing.c.seller_id, packing.c.courier, func.min(packing.c.ship_by), func.count())
        .join(shop, shop.c.id == packing.c.shop_id)
        .where(packing.c.state.in_(TO_PACK), packing.c.ship_by > now, packing.c.ship_by <= until)
        .where(shop.c.state != ShopState.UNLINKED)
        .group_by(packing.c.seller_id, packing.c.courier)
    )
    return [(seller_id, courier, first, count) for seller_id, courier, first, count in conn.execute(query)]


def due_shops(conn: Connection, now: datetime, limit: int) -> list[str]:
    """Return the shops in which a parcel is to be arranged, or looked at again."""
    query = (
        select(packing.c.shop_id)
        .join(shop, shop.c.id == packing.c.shop_id)
        .join(seller, seller.c.id == shop.c.seller_id)
        .where(
            or_(
                packing.c.step.in_([ShipStep.SENDING, ShipStep.UNKNOWN]),
                (packing.c.step == ShipStep.ASKED) & pauses.OPEN,
            ),
            packing.c.due_at <= now,
            shop.c.state == ShopState.LINKED,
        )
        .distinct()
        .limit(limit)
    )
    return list(conn.scalars(query))


def release(conn: Connection, now: datetime) -> None:
    """Let what a process that is gone had sent, or was about to ask the number of, be looked at now."""
    under_way = packing.c.step.in_([ShipStep.SENDING, ShipStep.UNKNOWN])
    nameless = (packing.c.state == PackState.ARRANGED) & (packing.c.due_at <= now + NUMBER_SOON)
    conn.execute(update(packing).where(under_way | nameless).values(due_at=now))


def lane_of(courier: str) -> ColumnElement[bool]:
    """Return the condition of a courier's lane; without a name that of all instant ones together."""
    if not courier:
        return packing.c.is_instant
    return ~packing.c.is_instant & (packing.c.courier == courier)


def _of(shops: Collection[str]) -> list[ColumnElement[bool]]:
    return [packing.c.shop_id.in_(shops)] if shops else []


def _packing_of(row: Any) -> Packing:
    return Packing(
        parcel_id=row.parcel_id,
        order_id=row.order_id,
        shop_id=row.shop_id,
        external_id=row.external_id,
        courier_id=row.courier_id,
        place=row.place,
        number=row.tracking_number,
        order_number=row.order_number,
        courier=row.courier,
        is_instant=bool(row.is_instant),
        ship_by=row.ship_by,
        sku=row.sku,
        units=row.units,
        is_mixed=bool(row.is_mixed),
        state=PackState(row.state),
        step=ShipStep(row.step),
        reason=row.reason,
        choice=row.choice,
        due_at=row.due_at,
        attempts=row.attempts,
        batch_id=row.batch_id or "",
        position=row.position,
        page=row.page,
        printed=row.printed,
        packed_at=row.packed_at,
        packed_by=row.packed_by,
        photo_id=row.photo_id,
        pickup_code=row.pickup_code,
        version=row.version,
    )
