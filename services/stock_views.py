"""A variant's ledger as its card shows it, read in one piece."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.low_stock import Episode
from domain.platform import Can, Platform
from domain.stock import Keeping, Level, Movement, Policy, Reason, ShownState, StockDraft
from services.counting import can_be_undone, card_version, on_shelf
from services.ledger import levels
from services.namesakes import Twin, twin_of
from storage.database import Connection
from storage.repositories.episodes import Episodes
from storage.repositories.ledger import Ledger
from storage.repositories.members import Members
from storage.repositories.orders import Orders
from storage.repositories.shops import Shops
from storage.repositories.shown_stock import Shown, ShownStock
from storage.repositories.stock_drafts import StockDrafts

RECENT = 3
TAIL = 5


@dataclass(frozen=True, slots=True)
class StockStep:
    """One movement: `available` is by how much it changed what can be sold."""

    at: datetime
    reason: Reason
    units: int
    who: str
    order_tail: str


@dataclass(frozen=True, slots=True)
class LiveStock:
    """In how many shops what was asked for is shown, since when, and how long it took."""

    shops: int
    at: datetime
    seconds: float


KEPT = Keeping(Policy.TRACKED, 0, 1)
"""How every variant is kept until somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class VariantStock:
    """What the ledger knows of a variant; `on_shelf` is a guess from the shops until it was counted."""

    level: Level
    on_shelf: int
    alert_at: int | None
    shops: dict[str, Shown]
    recent: tuple[StockStep, ...]
    draft: StockDraft | None
    undo_id: str
    live: LiveStock | None
    version: int
    low: Episode | None = None
    keeping: Keeping = KEPT
    twin: Twin | None = None
    """Another variant with its SKU, where a person has to say whether it is the same."""


@dataclass(frozen=True, slots=True)
class StockHistory:
    """A page of a variant's movements, the newest first."""

    variant_id: str
    steps: tuple[StockStep, ...]
    page: int
    pages: int


def read_stock(
    conn: Connection,
    seller_id: str,
    variant_id: str,
    view_id: str,
    platforms: dict[str, Platform],
    now: datetime,
) -> VariantStock | None:
    """Return what the ledger knows; None where no shop of the seller can be told a number."""
    able = [
        shop
        for shop in Shops(conn, seller_id).all()
        if shop.platform in platforms and Can.PUSH_STOCK in platforms[shop.platform].info.can
    ]
    found = levels(conn, seller_id, [variant_id]).get(variant_id)
    if not able or found is None:
        return None
    ledger = Ledger(conn, seller_id)
    linked = {shop.id for shop in able}
    shown = [each for each in ShownStock(conn, seller_id).of_variant(variant_id) if each.shop_id in linked]
    recent = ledger.history(variant_id, offset=0, limit=RECENT)
    return VariantStock(
        level=found,
        on_shelf=on_shelf(conn, seller_id, variant_id),
        alert_at=ledger.alert_at(variant_id),
        shops={each.listing_variant_id: each for each in shown},
        recent=steps_of(conn, seller_id, recent),
        draft=StockDrafts(conn, seller_id, view_id).of(variant_id, now),
        undo_id=_to_undo(ledger, recent, now),
        live=_live(shown),
        version=card_version(conn, seller_id, variant_id),
        low=_low(conn, seller_id, variant_id),
        keeping=ledger.keeping(variant_id) or KEPT,
        twin=twin_of(conn, seller_id, variant_id),
    )


def _low(conn: Connection, seller_id: str, variant_id: str) -> Episode | None:
    """Return the episode a variant is in."""
    known = Episodes(conn, seller_id).of([variant_id]).get(variant_id)
    return known.episode if known and known.episode.is_open else None


def steps_of(conn: Connection, seller_id: str, moved: Sequence[Movement]) -> tuple[StockStep, ...]:
    """Add to each movement who did it, or for which order."""
    members, orders = Members(conn, seller_id), Orders(conn, seller_id)
    steps = []
    for each in moved:
        who = members.get(each.actor) if each.actor else None
        number = orders.number(each.order_id) if each.order_id else ""
        units = each.on_hand if each.reason is Reason.SHIP else each.on_hand - each.allocated
        steps.append(StockStep(each.at, each.reason, units, who.name if who else "", number[-TAIL:]))
    return tuple(steps)


def _to_undo(ledger: Ledger, recent: Sequence[Movement], now: datetime) -> str:
    """Return the last thing a person did, while it can be taken back and was not."""
    done = next((each for each in recent if each.actor), None)
    if done is None or not can_be_undone(done, now) or ledger.is_undone(done.id):
        return ""
    return done.id


def _live(shown: Sequence[Shown]) -> LiveStock | None:
    """Return since when every shop shows what somebody asked for last."""
    done = [
        (each.shown_at, each.asked_at)
        for each in shown
        if each.state in {ShownState.IDLE, ShownState.READY}
        and each.units == each.target
        and each.shown_at
        and each.asked_at
        and each.shown_at >= each.asked_at
    ]
    if not done or len(done) < len(shown):
        return None
    at = max(when for when, _ in done)
    return LiveStock(len(done), at, round(max((when - asked).total_seconds() for when, asked in done), 1))
