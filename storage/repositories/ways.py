"""How a seller's parcels get to each courier: what was last offered, and what was chosen."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from storage.tables.parcels import shipping_way
from storage.upsert import upsert


@dataclass(frozen=True, slots=True)
class CourierAt:
    """A courier as one shop has it, from one place."""

    shop_id: str
    courier_id: str
    place: str


@dataclass(frozen=True, slots=True)
class Way:
    """`offer` is a list of options as they were read at `read_at`; without `way` nobody has chosen yet."""

    at: CourierAt
    courier: str
    offer: tuple[dict[str, str], ...]
    read_at: datetime | None
    way: str
    address_id: str
    branch_id: str


class Ways:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def all(self) -> list[Way]:
        query = select(shipping_way).where(shipping_way.c.seller_id == self._seller_id)
        return [_way_of(row) for row in self._conn.execute(query)]

    def get(self, at: CourierAt) -> Way | None:
        return next((each for each in self.all() if each.at == at), None)

    def offered(self, at: CourierAt, courier: str, offer: list[dict[str, str]], now: datetime) -> None:
        """Keep what a platform offers; what was chosen stays."""
        self._put(at, courier, offer=json.dumps(offer), read_at=now)

    def outdate(self, at: CourierAt) -> None:
        """Have what is offered read anew before anything more is sent by it."""
        named = (
            shipping_way.c.seller_id == self._seller_id,
            shipping_way.c.shop_id == at.shop_id,
            shipping_way.c.courier_id == at.courier_id,
            shipping_way.c.place == at.place,
        )
        self._conn.execute(update(shipping_way).where(*named).values(read_at=None))

    def choose(
        self,
        at: CourierAt,
        courier: str,
        *,
        way: str,
        address_id: str,
        branch_id: str,
        by: str,
        now: datetime,
    ) -> None:
        """Remember a choice for all parcels to come."""
        self._put(
            at,
            courier,
            way=way,
            address_id=address_id,
            branch_id=branch_id,
            chosen_by=by,
            chosen_at=now,
        )

    def _put(self, at: CourierAt, courier: str, **values: Any) -> None:
        keys = {"shop_id": at.shop_id, "courier_id": at.courier_id, "place": at.place}
        row = {"seller_id": self._seller_id, **keys, "courier": courier, **values}
        upsert(self._conn, shipping_way, [row], keys=list(keys), update=["courier", *values])


def _way_of(row: Any) -> Way:
    return Way(
        CourierAt(row.shop_id, row.courier_id, row.place),
        row.courier,
        tuple(json.loads(row.offer or "[]")),
        row.read_at,
        row.way,
        row.address_id,
        row.branch_id,
    )
