"""What we believe each listing variant shows in its shop, and how far a push of it is (`promises.md` R10)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, or_, select, update

from domain.catalogue import ListingState
from domain.shops import ShopState
from domain.stock import MAIN, Policy, ShownState
from storage.repositories.pauses import OPEN
from storage.tables.catalogue import listing, listing_variant, variant
from storage.tables.people import seller
from storage.tables.shops import shop
from storage.tables.stock import shown_stock, stock_balance
from storage.upsert import upsert


@dataclass(frozen=True, slots=True)
class Shown:
    """A listing variant's row. `units` is the belief, `read` what was last read, `target` what it should show.

    `wanted` is what there is to show; the target lies above it where a promotion keeps more than that.
    """

    listing_variant_id: str
    shop_id: str
    variant_id: str
    listing_external_id: str
    external_id: str
    units: int
    target: int
    read: int
    is_known: bool
    keeps_back: int
    is_kept: bool
    state: ShownState
    sent: int
    sent_from: int
    seen: int | None
    seen_at: datetime | None
    reason: str
    attempts: int
    due_at: datetime
    asked_at: datetime | None
    shown_at: datetime | None
    version: int
    wanted: int = 0
    promotion_ends: datetime | None = None
    locked_since: datetime | None = None
    locked_until: datetime | None = None
    freed_at: datetime | None = None
    place: str = ""

    @property
    def is_short(self) -> bool:
        """Tell whether a promotion keeps more in the shop than there is."""
        return self.is_kept and self.wanted < self.target

    @property
    def is_waiting(self) -> bool:
        """Tell whether it waits, or is on its way after it waited, for a promotion to end."""
        return self.locked_since is not None and self.freed_at is None


TO_SEND = (ShownState.READY, ShownState.REFUSED)
"""States from which a number leaves."""
TOTAL = listing_variant.c.available + listing_variant.c.reserved
"""What a shop holds for sale: what a promotion keeps back of it is sold there, too."""


class ShownStock:
    def __init__(self, conn: Connection, seller_id: str) -> None:
        self._conn = conn
        self._seller_id = seller_id

    def follow(self, variant_id: str, now: datetime) -> None:
        """Begin to keep what the shops show of a variant; what each shows is read before anything is sent."""
        query = (
            select(
                listing_variant.c.id, listing_variant.c.shop_id, TOTAL.label("units"), variant.c.keeps_back
            )
            .join(listing, listing.c.id == listing_variant.c.listing_id)
            .join(variant, variant.c.id == listing_variant.c.variant_id)
            .where(
                listing_variant.c.seller_id == self._seller_id,
                listing_variant.c.variant_id == variant_id,
                listing.c.state != ListingState.DELETED,
            )
        )
        values = [
            {
                "seller_id": self._seller_id,
                "listing_variant_id": row.id,
                "shop_id": row.shop_id,
                "variant_id": variant_id,
                "units": row.units,
                "keeps_back": row.keeps_back,
                "state": ShownState.NEW,
                "due_at": now,
            }
            for row in self._conn.execute(query)
        ]
        upsert(self._conn, shown_stock, values, keys=["listing_variant_id"], update=[])

    def of_variant(self, variant_id: str) -> list[Shown]:
        query = _rows().where(self._mine, shown_stock.c.variant_id == variant_id)
        return [_shown_of(row) for row in self._conn.execute(query)]

    def of_shop(self, shop_id: str, states: Collection[ShownState], now: datetime, limit: int) -> list[Shown]:
        """Return what is due in a shop in these states, the longest waiting first."""
        query = (
            _rows()
            .where(
                self._mine,
                shown_stock.c.shop_id == shop_id,
                shown_stock.c.state.in_(sorted(states)),
                shown_stock.c.due_at <= now,
            )
            .order_by(shown_stock.c.due_at, shown_stock.c.listing_variant_id)
            .limit(limit)
        )
        return [_shown_of(row) for row in self._conn.execute(query)]

    def count_to_send(self, shop_id: str = "") -> int:
        """Return how many numbers wait to be sent (to a shop)."""
        waiting = _rows().where(self._mine, shown_stock.c.state.in_(TO_SEND))
        if shop_id:
            waiting = waiting.where(shown_stock.c.shop_id == shop_id)
        rows = waiting.subquery()
        query = select(func.count()).select_from(rows).where(rows.c.target != rows.c.units)
        return self._conn.execute(query).scalar_one()

    def get(self, listing_variant_ids: Sequence[str]) -> dict[str, Shown]:
        query = _rows().where(self._mine, shown_stock.c.listing_variant_id.in_(list(listing_variant_ids)))
        return {row.listing_variant_id: _shown_of(row) for row in self._conn.execute(query)}

    def wake(self, variant_ids: Collection[str], now: datetime, *, asked: bool = False) -> None:
        """Look again at what the shops should show of these variants."""
        idle = shown_stock.c.state == ShownState.IDLE
        values: dict[str, Any] = {
            "state": case((idle, ShownState.READY.value), else_=shown_stock.c.state),
            "due_at": case((idle, now), else_=shown_stock.c.due_at),
        }
        if asked:
            values |= {"asked_at": now, "version": shown_stock.c.version + 1}
        query = update(shown_stock).where(self._mine, shown_stock.c.variant_id.in_(sorted(variant_ids)))
        self._conn.execute(query.values(values))

    def sell(self, listing_variant_id: str, units: int, at: datetime) -> None:
        """Lower a belief by units that the shop sold (raise it by negative ones), from when it is known on."""
        query = update(shown_stock).where(
            self._mine,
            shown_stock.c.listing_variant_id == listing_variant_id,
            shown_stock.c.known_from.is_not(None),
            shown_stock.c.known_from <= at,
        )
        values = {
            "units": shown_stock.c.units - units,
            "seen": shown_stock.c.seen - units,
            "version": shown_stock.c.version + 1,
        }
        self._conn.execute(query.values(values))

    def accept(self, variant_id: str, now: datetime) -> None:
        """Take what a shop showed last as known, where its difference waited for a person's word."""
        query = update(shown_stock).where(
            self._mine, shown_stock.c.variant_id == variant_id, shown_stock.c.state == ShownState.HELD
        )
        seen = case((shown_stock.c.seen.is_(None), shown_stock.c.units), else_=shown_stock.c.seen)
        self._conn.execute(query.values(units=seen, state=ShownState.READY, due_at=now, seen=None, reason=""))
        refused = update(shown_stock).where(
            self._mine, shown_stock.c.variant_id == variant_id, shown_stock.c.state == ShownState.REFUSED
        )
        self._conn.execute(refused.values(state=ShownState.READY, due_at=now, reason=""))
        locked = update(shown_stock).where(
            self._mine, shown_stock.c.variant_id == variant_id, shown_stock.c.state == ShownState.LOCKED
        )
        self._conn.execute(locked.values(due_at=now))

    def locked(self, shop_id: str) -> list[Shown]:
        """Return what waits in a shop for a promotion to end."""
        query = _rows().where(
            self._mine, shown_stock.c.shop_id == shop_id, shown_stock.c.state == ShownState.LOCKED
        )
        return [_shown_of(row) for row in self._conn.execute(query)]

    def released(self, shop_id: str, until: datetime) -> list[Shown]:
        """Return what waited in a shop for the same end."""
        query = _rows().where(
            self._mine, shown_stock.c.shop_id == shop_id, shown_stock.c.locked_until == until
        )
        return [_shown_of(row) for row in self._conn.execute(query)]

    def place_next(self, listing_variant_id: str, place: str) -> None:
        """Have what a shop is to show more or less from now on go to, or come from, one of its locations."""
        query = update(shown_stock).where(self._mine, shown_stock.c.listing_variant_id == listing_variant_id)
        self._conn.execute(query.values(place=place))

    def keep_back(self, variant_id: str, units: int) -> None:
        """Leave so many units out of what every shop should show of a variant."""
        query = update(shown_stock).where(self._mine, shown_stock.c.variant_id == variant_id)
        self._conn.execute(query.values(keeps_back=units))

    def hold(self, variant_id: str, reason: str) -> None:
        """Send nothing of a variant to any shop before a person counts it."""
        seen = case((shown_stock.c.seen.is_(None), shown_stock.c.units), else_=shown_stock.c.seen)
        query = update(shown_stock).where(self._mine, shown_stock.c.variant_id == variant_id)
        values = {
            "state": ShownState.HELD,
            "reason": reason,
            "seen": seen,
            "version": shown_stock.c.version + 1,
        }
        self._conn.execute(query.values(values))

    def let_go(self, variant_id: str) -> None:
        """Want nothing of what the shops show of a variant any more; what is under way still ends."""
        under_way = [ShownState.SENDING, ShownState.UNKNOWN, ShownState.NEW]
        query = update(shown_stock).where(
            self._mine, shown_stock.c.variant_id == variant_id, shown_stock.c.state.not_in(under_way)
        )
        values = {"state": ShownState.IDLE, "reason": "", "version": shown_stock.c.version + 1}
        self._conn.execute(query.values(values))

    def notice(self, shop_id: str, now: datetime) -> None:
        """Mark what a shop was read to show otherwise than believed: who pushes next looks into it."""
        read = select(TOTAL).where(listing_variant.c.id == shown_stock.c.listing_variant_id).scalar_subquery()
        settled = [ShownState.IDLE, ShownState.READY, ShownState.REFUSED, ShownState.LOCKED]
        query = update(shown_stock).where(
            self._mine,
            shown_stock.c.shop_id == shop_id,
            shown_stock.c.state.in_(settled),
            shown_stock.c.units != read,
        )
        values = {"state": ShownState.DIFFERS, "seen": read, "seen_at": now, "due_at": now}
        self._conn.execute(query.values(values))

    def move(self, moved: Shown, **values: Any) -> bool:
        """Write a row as long as nobody moved its state; False when somebody did."""
        query = update(shown_stock).where(
            self._mine,
            shown_stock.c.listing_variant_id == moved.listing_variant_id,
            shown_stock.c.state == moved.state,
            shown_stock.c.attempts == moved.attempts,
        )
        values = {"version": shown_stock.c.version + 1} | values
        if values.get("state") is ShownState.IDLE:
            values["place"] = ""  # what it was for is shown
        return self._conn.execute(query.values(values)).rowcount == 1

    @property
    def _mine(self) -> ColumnElement[bool]:
        return shown_stock.c.seller_id == self._seller_id


def due_shops(conn: Connection, now: datetime, limit: int) -> list[str]:
    """Return shops in which something is to be sent, settled or looked at; while paused only the latter."""
    waiting = [each for each in ShownState if each not in {ShownState.IDLE, ShownState.HELD}]
    query = (
        select(shown_stock.c.shop_id)
        .join(shop, shop.c.id == shown_stock.c.shop_id)
        .join(seller, seller.c.id == shown_stock.c.seller_id)
        .where(
            shown_stock.c.state.in_(waiting),
            shown_stock.c.due_at <= now,
            shop.c.state == ShopState.LINKED,
            or_(OPEN, shown_stock.c.state.not_in(TO_SEND)),
        )
        .distinct()
        .limit(limit)
    )
    return list(conn.execute(query).scalars())


def release(conn: Connection, now: datetime) -> None:
    """Let what a process that is gone had sent be looked at now."""
    under_way = shown_stock.c.state.in_([ShownState.SENDING, ShownState.UNKNOWN])
    conn.execute(update(shown_stock).where(under_way).values(due_at=now))


def _rows() -> Any:
    pool = stock_balance.c.on_hand - stock_balance.c.allocated - shown_stock.c.keeps_back
    wanted = case((pool > 0, pool), else_=0)
    # What a promotion keeps cannot be taken from it; and what we last read of that never raises a number.
    reserved, units = listing_variant.c.reserved, shown_stock.c.units
    bound = case((reserved < units, reserved), else_=units)
    target = case((variant.c.stock_policy != Policy.TRACKED, units), (wanted < bound, bound), else_=wanted)
    return (
        select(
            shown_stock,
            target.label("target"),
            wanted.label("wanted"),
            listing_variant.c.promotion_ends,
            (variant.c.stock_policy == Policy.TRACKED).label("is_kept"),
            TOTAL.label("read"),
            listing_variant.c.external_id,
            listing.c.external_id.label("listing_external_id"),
        )
        .join(listing_variant, listing_variant.c.id == shown_stock.c.listing_variant_id)
        .join(listing, listing.c.id == listing_variant.c.listing_id)
        .join(variant, variant.c.id == shown_stock.c.variant_id)
        .join(
            stock_balance,
            (stock_balance.c.variant_id == shown_stock.c.variant_id) & (stock_balance.c.location == MAIN),
        )
    )


def _shown_of(row: Any) -> Shown:
    return Shown(
        listing_variant_id=row.listing_variant_id,
        shop_id=row.shop_id,
        variant_id=row.variant_id,
        listing_external_id=row.listing_external_id,
        external_id=row.external_id,
        units=row.units,
        target=int(row.target),
        read=int(row.read),
        is_known=row.known_from is not None,
        keeps_back=row.keeps_back,
        is_kept=bool(row.is_kept),
        state=ShownState(row.state),
        sent=row.sent,
        sent_from=row.sent_from,
        seen=row.seen,
        seen_at=row.seen_at,
        reason=row.reason,
        attempts=row.attempts,
        due_at=row.due_at,
        asked_at=row.asked_at,
        shown_at=row.shown_at,
        version=row.version,
        wanted=int(row.wanted),
        promotion_ends=row.promotion_ends,
        locked_since=row.locked_since,
        locked_until=row.locked_until,
        freed_at=row.freed_at,
        place=row.place,
    )
