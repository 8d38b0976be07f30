"""Returns: taken in from snapshots, told, listed, shown, and reminded of before it is too late to answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.chats import Visitor
from domain.clock import Clock
from domain.earnings import Earning
from domain.errors import NotFound
from domain.events import EventKind
from domain.meters import Meters
from domain.money import Money
from domain.parcels import Packing
from domain.returns import OPEN_RETURNS, SETTLED_RETURNS, KnownReturn, Return, ReturnSnapshot, ReturnState
from domain.shops import Shop
from services.earnings import earning_of
from services.orders import CLOCKS_DIFFER, oldest_sync, tails_of
from services.outbox import tell
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories import returns as return_rows
from storage.repositories.cards import Cards
from storage.repositories.members import Members
from storage.repositories.orders import Orders
from storage.repositories.packings import Packings
from storage.repositories.return_actions import ReturnActions
from storage.repositories.returns import ReturnHead, Returns
from storage.repositories.shops import Shops, take_turns

PAGE = 5
SUBJECT = "return"
"""What the card of a return is remembered under."""
LOOKS_EVERY = timedelta(minutes=1)
REMINDED = 200


class ReturnFilter(StrEnum):
    """The lists of `/returns`, each a set of states."""

    TO_ANSWER = "to_answer"
    UNDER_WAY = "under_way"
    SETTLED = "settled"


STATES: Mapping[ReturnFilter, frozenset[ReturnState]] = {
    ReturnFilter.TO_ANSWER: frozenset({ReturnState.ASKED}),
    ReturnFilter.UNDER_WAY: OPEN_RETURNS - {ReturnState.ASKED},
    ReturnFilter.SETTLED: SETTLED_RETURNS,
}


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One line of a list of returns. `tail` is by what its order is named."""

    head: ReturnHead
    tail: str


@dataclass(frozen=True, slots=True)
class ReturnPage:
    """Page `page` of `pages` (from 1) of one list; counts of every list."""

    filter: ReturnFilter
    rows: tuple[ReturnRow, ...]
    counts: Mapping[ReturnFilter, int]
    first_due: datetime | None
    page: int
    pages: int
    as_of: datetime | None
    is_demo: bool


@dataclass(frozen=True, slots=True)
class ReturnCard:
    """One return with its order as far as we have it: who packed it, and what would be kept of it."""

    back: Return
    shop: Shop
    tail: str
    order_id: str = ""
    packed: Packing | None = None
    packed_by: str = ""
    earning: Earning | None = None

    @property
    def packing_photos(self) -> tuple[str, ...]:
        """Return what Telegram calls the photo that was kept with the parcel."""
        return (self.packed.photo_id,) if self.packed and self.packed.photo_id else ()


class ReturnService:
    def __init__(self, db: Database, clock: Clock, wakeups: Wakeups, meters: Meters) -> None:
        self._db = db
        self._clock = clock
        self._wakeups = wakeups
        self._meters = meters
        self._reminded_at: datetime | None = None

    async def record(self, shop: Shop, snapshots: Sequence[ReturnSnapshot]) -> int:
        """Take in snapshots of a shop's returns; return how many were new or newer.

        State and the events that follow from it are one transaction. What was asked for before the shop
        was linked is told to nobody; its deadline is.
        """
        if not snapshots:
            return 0
        now = self._clock()
        latest = {each.external_id: each for each in sorted(snapshots, key=lambda seen: seen.updated_at)}

        def work(conn: Connection) -> int:
            take_turns(conn, shop.id)
            known = Returns(conn, shop.seller_id).known(shop.id, list(latest))
            return sum(_take(conn, shop, known.get(number), seen, now) for number, seen in latest.items())

        taken = await self._db.write(work, "returns.record")
        for each in snapshots:
            if each.state is ReturnState.UNKNOWN and each.raw_state:
                self._meters.odd(shop.platform, "return state", each.raw_state)
        self._wakeups.outbox.set()
        return taken

    async def page(self, visitor: Visitor, wanted: ReturnFilter, page: int = 1) -> ReturnPage:
        def work(conn: Connection) -> ReturnPage:
            returns = Returns(conn, visitor.seller_id)
            by_state = returns.counts()
            counts = {
                each: sum(by_state.get(state, 0) for state in states) for each, states in STATES.items()
            }
            pages = max(1, -(-counts[wanted] // PAGE))
            at = min(max(page, 1), pages)
            heads = returns.page(STATES[wanted], offset=(at - 1) * PAGE, limit=PAGE)
            tails = tails_of(Orders(conn, visitor.seller_id), [head.order_number for head in heads])
            shops = Shops(conn, visitor.seller_id).all()
            return ReturnPage(
                filter=wanted,
                rows=tuple(ReturnRow(head, tails[head.order_number]) for head in heads),
                counts=counts,
                first_due=returns.first_due(),
                page=at,
                pages=pages,
                as_of=oldest_sync(shops),
                is_demo=any(shop.is_simulated for shop in shops),
            )

        return await self._db.read(work)

    async def card(self, seller_id: str, return_id: str) -> ReturnCard:
        """Return one return. Raises NotFound("return_unknown") for what this seller does not have."""
        return await self._db.read(lambda conn: card_in(conn, seller_id, return_id))

    async def remind(self) -> int:
        """Tell once more, a day and some hours before it is too late, of what the seller has not answered."""
        now = self._clock()
        if self._reminded_at and now - self._reminded_at < LOOKS_EVERY:
            return 0
        self._reminded_at = now
        if not await self._db.read(lambda conn: return_rows.is_any_due(conn, now)):
            return 0
        told = await self._db.write(lambda conn: _remind(conn, now), "returns.remind")
        if told:
            self._wakeups.outbox.set()
        return told


def card_in(conn: Connection, seller_id: str, return_id: str) -> ReturnCard:
    """Return one return as it is in this transaction. Raises NotFound("return_unknown")."""
    back, shop = return_and_shop(conn, seller_id, return_id)
    number, order_id = back.snapshot.order_external_id, Returns(conn, seller_id).order_id(back)
    parcels = Packings(conn, seller_id).of_orders([order_id]) if order_id else []
    packed = max(
        (each for each in parcels if each.packed_at),
        key=lambda each: (bool(each.photo_id), each.packed_at),
        default=None,
    )
    who = Members(conn, seller_id).get(packed.packed_by) if packed else None
    return ReturnCard(
        back=back,
        shop=shop,
        tail=tails_of(Orders(conn, seller_id), [number])[number],
        order_id=order_id,
        packed=packed,
        packed_by=who.name if who else "",
        earning=earning_of(conn, seller_id, order_id) if order_id else None,
    )


def return_and_shop(conn: Connection, seller_id: str, return_id: str) -> tuple[Return, Shop]:
    """Return a return and its shop. Raises NotFound("return_unknown")."""
    back = Returns(conn, seller_id).get(return_id)
    shop = Shops(conn, seller_id).get(back.shop_id) if back else None
    if back is None or shop is None:
        raise NotFound("return_unknown")
    return back, shop


def version_in(conn: Connection, back: Return) -> int:
    """Return a number that grows with all that is said of a return and done about it."""
    return back.version + ReturnActions(conn, back.seller_id).version(back.id)


def return_moved(conn: Connection, seller_id: str, return_id: str, now: datetime) -> None:
    """Have every card that shows a return brought up to date."""
    views = sorted({each.view_id for each in Cards(conn, seller_id).of(SUBJECT, return_id)})
    back = Returns(conn, seller_id).get(return_id)
    if views and back:
        key = f"return:moved:{return_id}:{version_in(conn, back)}"
        payload = {"return_id": return_id}
        tell(conn, seller_id, EventKind.RETURN_MOVED, key, payload, now=now, views=views)


def _take(
    conn: Connection, shop: Shop, stored: KnownReturn | None, seen: ReturnSnapshot, now: datetime
) -> bool:
    """Take in one snapshot; False when it says nothing new."""
    returns = Returns(conn, shop.seller_id)
    if stored is None:
        return_id = returns.insert(shop.id, seen, now)
    elif stored.is_news(seen):
        return_id = stored.id
        returns.replace(return_id, seen, now)
    else:
        return False
    payload = {"return_id": return_id, "shop_id": shop.id}
    is_ours = seen.created_at >= shop.linked_at - CLOCKS_DIFFER
    if seen.is_back and is_ours and not (stored and stored.is_back):
        key = f"return:back:{return_id}"
        tell(conn, shop.seller_id, EventKind.RETURN_BACK, key, payload, now=now)
    if stored is None and is_ours:
        _ring(conn, shop, f"return:new:{return_id}", payload, now)
    elif stored and seen.counter_offer and seen.counter_offer != stored.counter_offer:
        _ring(conn, shop, f"return:offer:{return_id}:{_offer_key(seen.counter_offer)}", payload, now)
    if stored:
        return_moved(conn, shop.seller_id, return_id, now)
    return True


def _ring(conn: Connection, shop: Shop, key: str, payload: dict[str, str], now: datetime) -> None:
    tell(conn, shop.seller_id, EventKind.RETURN_ASKED, key, payload, now=now)


def _offer_key(offered: Money) -> str:
    return f"{offered.amount.normalize():f}"


def _remind(conn: Connection, now: datetime) -> int:
    told = 0
    for each in return_rows.due_reminders(conn, now, REMINDED):
        if each.due <= now:
            continue  # too late to be of use
        payload = {"return_id": each.return_id, "shop_id": each.shop_id}
        left_h = (each.due - now) // timedelta(hours=1)
        key = f"return:due:{each.return_id}:{each.due.timestamp():.0f}:{left_h}"
        tell(conn, each.seller_id, EventKind.RETURN_DUE, key, payload, now=now)
        told += 1
    return told
