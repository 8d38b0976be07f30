"""Returns of one seller: what platforms said of them, and when somebody is to be reminded."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, delete, func, select, update

from domain.ids import new_id
from domain.money import Money
from domain.returned_goods import Returned
from domain.returns import (
    KnownReturn,
    Return,
    ReturnLine,
    ReturnReason,
    ReturnSnapshot,
    ReturnState,
    Solution,
    next_reminder,
)
from storage.repositories import rows
from storage.repositories.words import in_words, out_of_words, storable_row
from storage.tables.catalogue import listing, listing_variant
from storage.tables.orders import order_line, sale_order
from storage.tables.returns import sale_return, sale_return_line
from storage.tables.shops import shop


@dataclass(frozen=True, slots=True)
class ReturnHead:
    """A return as a list shows it."""

    return_id: str
    order_number: str
    shop_name: str
    state: ReturnState
    raw_state: str
    refund: Money
    due: datetime | None
    updated_at: datetime
    first_line: str
    units: int
    lines: int


class Due(NamedTuple):
    """A return whose seller is to be reminded now."""

    seller_id: str
    shop_id: str
    return_id: str
    due: datetime


class Returns:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def known(self, shop_id: str, numbers: Sequence[str]) -> dict[str, KnownReturn]:
        """Return what is stored of these returns of a shop, by number."""
        query = select(sale_return).where(
            self._mine, sale_return.c.shop_id == shop_id, sale_return.c.external_id.in_(numbers)
        )
        return {
            row.external_id: KnownReturn(
                row.id,
                ReturnState(row.state),
                row.updated_at,
                row.digest,
                _snapshot(row, ()).counter_offer,
                row.is_back,
            )
            for row in self._conn.execute(query)
        }

    def insert(self, shop_id: str, seen: ReturnSnapshot, now: datetime) -> str:
        """Store a return that is seen for the first time; return its id."""
        about = {"id": new_id(), "seller_id": self._seller_id, "shop_id": shop_id, "recorded_at": now}
        self._conn.execute(sale_return.insert().values(about | _values(seen, now)))
        self._add_lines(str(about["id"]), seen)
        return str(about["id"])

    def replace(self, return_id: str, seen: ReturnSnapshot, now: datetime) -> None:
        """Overwrite a stored return with a newer snapshot; a deadline that stays does not remind anew."""
        due = sale_return.c.due
        query = select(due, sale_return.c.remind_at).where(self._mine, sale_return.c.id == return_id)
        stored = self._conn.execute(query).one()
        values = _values(seen, now)
        if stored.due == values["due"]:
            values["remind_at"] = stored.remind_at
        grown = {"version": sale_return.c.version + 1}
        mine = update(sale_return).where(self._mine, sale_return.c.id == return_id)
        self._conn.execute(mine.values(values | grown))
        self._conn.execute(delete(sale_return_line).where(sale_return_line.c.return_id == return_id))
        self._add_lines(return_id, seen)

    def get(self, return_id: str) -> Return | None:
        query = select(sale_return).where(self._mine, sale_return.c.id == return_id)
        row = self._conn.execute(query).one_or_none()
        if row is None:
            return None
        lines = select(sale_return_line).where(sale_return_line.c.return_id == return_id)
        found = self._conn.execute(lines.order_by(sale_return_line.c.position))
        told = tuple(_line_of(line, row.currency) for line in found)
        return Return(row.id, row.seller_id, row.shop_id, _snapshot(row, told), row.version, row.recorded_at)

    def lock(self, return_id: str) -> None:
        """Let whoever else wants something of this return wait until we have decided."""
        query = select(sale_return.c.id).where(self._mine, sale_return.c.id == return_id)
        self._conn.execute(query.with_for_update())

    def touch(self, return_id: str) -> None:
        """Have cards of a return drawn anew, though its platform says nothing new of it."""
        mine = update(sale_return).where(self._mine, sale_return.c.id == return_id)
        self._conn.execute(mine.values(version=sale_return.c.version + 1))

    def goods(self, return_id: str) -> list[Returned]:
        """Return what comes back, as far as we know which variants it is, the same ones together."""
        line = sale_return_line
        query = (
            select(listing_variant.c.id, listing_variant.c.variant_id, listing.c.title, line.c.quantity)
            .join(sale_return, sale_return.c.id == line.c.return_id)
            .join(
                listing,
                (listing.c.shop_id == sale_return.c.shop_id)
                & (listing.c.external_id == line.c.listing_external_id),
            )
            .join(
                listing_variant,
                (listing_variant.c.listing_id == listing.c.id)
                & (listing_variant.c.external_id == line.c.variant_external_id),
            )
            .where(self._mine, line.c.return_id == return_id, listing_variant.c.variant_id.is_not(None))
            .order_by(line.c.position)
        )
        found: dict[str, Returned] = {}
        for row in self._conn.execute(query):
            known = found.get(row.id)
            units = row.quantity + (known.quantity if known else 0)
            found[row.id] = Returned(row.id, row.variant_id, row.title, units)
        return list(found.values())

    def order_id(self, found: Return) -> str:
        """Return the order a return is of, nothing while we do not have it."""
        query = select(sale_order.c.id).where(
            sale_order.c.seller_id == self._seller_id,
            sale_order.c.shop_id == found.shop_id,
            sale_order.c.external_id == found.snapshot.order_external_id,
        )
        return self._conn.execute(query).scalar_one_or_none() or ""

    def of_order(self, shop_id: str, number: str) -> list[str]:
        """Return the ids of an order's returns, the latest first."""
        query = select(sale_return.c.id).where(
            self._mine, sale_return.c.shop_id == shop_id, sale_return.c.order_number == number
        )
        return list(self._conn.scalars(query.order_by(sale_return.c.created_at.desc())))

    def counts(self) -> dict[ReturnState, int]:
        query = select(sale_return.c.state, func.count()).where(self._mine).group_by(sale_return.c.state)
        return {ReturnState(state): count for state, count in self._conn.execute(query)}

    def first_due(self) -> datetime | None:
        """Return until when the first return must be answered that waits for the seller."""
        query = select(func.min(sale_return.c.due)).where(
            self._mine, sale_return.c.state == ReturnState.ASKED
        )
        return self._conn.execute(query).scalar()

    def page(self, states: Collection[ReturnState], *, offset: int, limit: int) -> list[ReturnHead]:
        """Return heads of returns in these states: what must be answered first, then the latest."""
        query = (
            _heads()
            .where(self._mine, sale_return.c.state.in_(sorted(states)))
            .order_by(
                sale_return.c.due.is_(None),
                sale_return.c.due,
                sale_return.c.updated_at.desc(),
                sale_return.c.id,
            )
            .offset(offset)
            .limit(limit)
        )
        found = self._conn.execute(query).all()
        lines = self._lines_of([row.id for row in found])
        return [_head(row, lines.get(row.id, [])) for row in found]

    def _lines_of(self, return_ids: Sequence[str]) -> dict[str, list[rows.AnyRow]]:
        query = select(sale_return_line).where(sale_return_line.c.return_id.in_(return_ids))
        lines: dict[str, list[rows.AnyRow]] = {}
        for line in self._conn.execute(query.order_by(sale_return_line.c.position)):
            lines.setdefault(line.return_id, []).append(line)
        return lines

    def _add_lines(self, return_id: str, seen: ReturnSnapshot) -> None:
        titles = {} if all(line.title for line in seen.lines) else self._ordered_titles(return_id)
        lines = [
            storable_row(
                {
                    "return_id": return_id,
                    "position": at,
                    "seller_id": self._seller_id,
                    "listing_external_id": line.listing_external_id,
                    "variant_external_id": line.variant_external_id,
                    "title": line.title or titles.get(line.sku, line.sku),
                    "sku": line.sku,
                    "quantity": line.quantity,
                    "unit_price": line.unit_price.amount,
                    "image_url": line.image_url,
                }
            )
            for at, line in enumerate(seen.lines)
        ]
        if lines:
            self._conn.execute(sale_return_line.insert(), lines)

    def _ordered_titles(self, return_id: str) -> dict[str, str]:
        """Return by SKU what was ordered, for platforms that do not name what comes back."""
        query = (
            select(order_line.c.sku, order_line.c.title)
            .join(sale_order, sale_order.c.id == order_line.c.order_id)
            .join(
                sale_return,
                (sale_return.c.shop_id == sale_order.c.shop_id)
                & (sale_return.c.order_number == sale_order.c.external_id),
            )
            .where(self._mine, sale_return.c.id == return_id)
        )
        return {row.sku: row.title for row in self._conn.execute(query)}

    @property
    def _mine(self) -> ColumnElement[bool]:
        return sale_return.c.seller_id == self._seller_id


def is_any_due(conn: Connection, now: datetime) -> bool:
    """Tell whether anybody's time to be reminded has come."""
    return (
        conn.execute(select(sale_return.c.id).where(sale_return.c.remind_at <= now).limit(1)).first()
        is not None
    )


def due_reminders(conn: Connection, now: datetime, limit: int) -> list[Due]:
    """Return whose time to be reminded has come, and plan their next one."""
    columns = [sale_return.c[name] for name in ("seller_id", "shop_id", "id", "due")]
    query = select(*columns).where(sale_return.c.remind_at <= now).order_by(sale_return.c.remind_at)
    found = [Due(*row) for row in conn.execute(query.limit(limit).with_for_update(skip_locked=True))]
    for each in found:
        planned = {"remind_at": next_reminder(each.due, now)}
        conn.execute(update(sale_return).where(sale_return.c.id == each.return_id).values(planned))
    return found


def _heads() -> Select[Any]:
    return select(sale_return, shop.c.name.label("shop_name")).join(shop, shop.c.id == sale_return.c.shop_id)


def _values(seen: ReturnSnapshot, now: datetime) -> dict[str, Any]:
    values = {
        "external_id": seen.external_id,
        "order_number": seen.order_external_id,
        "state": seen.state,
        "raw_state": seen.raw_state[:48],
        "solution": seen.solution,
        "reason": seen.reason[:48],
        "why": seen.why,
        "buyer_says": seen.buyer_says,
        "buyer_name": seen.buyer_name,
        "currency": seen.refund.currency,
        "refund": seen.refund.amount,
        "created_at": seen.created_at,
        "updated_at": seen.updated_at,
        "answer_by": seen.answer_by,
        "proof_by": seen.proof_by,
        "proof_state": seen.proof_state[:48],
        "offered": seen.offered.amount if seen.offered else None,
        "offered_solution": seen.offered_solution,
        "is_buyers_offer": seen.is_buyers_offer,
        "is_decided_elsewhere": seen.is_decided_elsewhere,
        "tracking_number": seen.tracking_number[:64],
        "raw_goods_state": seen.raw_goods_state[:64],
        "is_back": seen.is_back,
        "photos": in_words(seen.photos),
        "videos": in_words(seen.videos),
        "digest": seen.digest,
        "due": seen.due,
        "remind_at": next_reminder(seen.due, now),
    }
    return storable_row(values)


def _snapshot(row: rows.AnyRow, lines: tuple[ReturnLine, ...]) -> ReturnSnapshot:
    values = row._asdict()
    same = {
        name: values[name]
        for name in (
            "external_id", "raw_state", "reason", "buyer_says", "created_at", "updated_at", "buyer_name",
            "answer_by", "proof_by", "proof_state", "is_buyers_offer", "is_decided_elsewhere",
            "tracking_number", "raw_goods_state", "is_back", "digest",
        )
    }  # fmt: skip
    return ReturnSnapshot(
        **same,
        order_external_id=row.order_number,
        state=ReturnState(row.state),
        solution=Solution(row.solution),
        refund=Money(row.refund, row.currency),
        lines=lines,
        photos=out_of_words(row.photos),
        videos=out_of_words(row.videos),
        offered=None if row.offered is None else Money(row.offered, row.currency),
        offered_solution=Solution(row.offered_solution),
        why=ReturnReason(row.why),
    )


def _line_of(row: rows.AnyRow, currency: str) -> ReturnLine:
    return ReturnLine(
        row.listing_external_id,
        row.variant_external_id,
        row.title,
        row.sku,
        row.quantity,
        Money(row.unit_price, currency),
        row.image_url,
    )


def _head(row: rows.AnyRow, lines: Sequence[rows.AnyRow]) -> ReturnHead:
    return ReturnHead(
        return_id=row.id,
        order_number=row.order_number,
        shop_name=row.shop_name,
        state=ReturnState(row.state),
        raw_state=row.raw_state,
        refund=Money(row.refund, row.currency),
        due=row.due,
        updated_at=row.updated_at,
        first_line=lines[0].title if lines else "",
        units=sum(line.quantity for line in lines),
        lines=len(lines),
    )
