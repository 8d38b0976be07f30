"""A bulk change as its card shows it, from the draft to the last result: read at once, however many prices it has."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.bulk import Bulk, BulkState, Planned, Skip
from domain.caps import Excess
from domain.catalogue import ListingVariant
from domain.changes import Change, ChangeState
from domain.errors import NotFound
from domain.money import Money
from domain.shops import Shop
from services.guards import excess_of, others_who_decide
from services.proposals import version_of
from storage.database import Connection
from storage.repositories.bulks import Bulks
from storage.repositories.changes import Changes
from storage.repositories.members import Members
from storage.repositories.pauses import Pauses
from storage.repositories.shops import Shops

SUBJECT = "bulk"


@dataclass(frozen=True, slots=True)
class BulkLine:
    """One price of a bulk change: what it becomes or became, or why it was left. A draft's line has no change."""

    shown: ListingVariant
    shop: Shop
    before: Money
    after: Money
    change: Change | None = None
    skip: Skip | None = None

    @property
    def state(self) -> ChangeState:
        return self.change.state if self.change else ChangeState.DRAFT


@dataclass(frozen=True, slots=True)
class BulkCard:
    """A bulk change. `lines` are to be sent or were, `skipped` are left as they are.

    `excess` and `second_persons` are as a single proposal's; `shop` is the one it is narrowed to.
    """

    bulk: Bulk
    lines: tuple[BulkLine, ...]
    skipped: tuple[BulkLine, ...]
    version: int
    shop: Shop | None
    is_demo: bool
    requested_by_name: str = ""
    decided_by_name: str = ""
    stopped_by_name: str = ""
    undone_by_name: str = ""
    excess: Excess | None = None
    second_persons: tuple[str, ...] = ()
    needs_typing: bool = False
    can_be_undone: bool = False
    is_paused: bool = False

    @property
    def id(self) -> str:
        return self.bulk.id


def draft_card(conn: Connection, seller_id: str, bulk: Bulk, plan: Sequence[Planned]) -> BulkCard:
    """Put together the card of a bulk change that nobody asked for yet."""
    shops = _shops(conn, seller_id, {each.shown.shop_id for each in plan})
    lines = tuple(_line(each, shops) for each in plan)
    asked = Members(conn, seller_id).get(bulk.requested_by)
    return BulkCard(
        bulk=bulk,
        lines=tuple(each for each in lines if each.skip is None),
        skipped=tuple(each for each in lines if each.skip is not None),
        version=bulk.version,
        shop=_shop(shops, bulk),
        is_demo=any(each.shop.is_simulated for each in lines),
        requested_by_name=asked.name if asked else "",
        is_paused=Pauses(conn, seller_id).find() is not None,
    )


def read_bulk(conn: Connection, seller_id: str, bulk_id: str, now: datetime) -> BulkCard:
    """Return a bulk change that was asked for. Raises NotFound("proposal_unknown")."""
    bulks, changes = Bulks(conn, seller_id), Changes(conn, seller_id)
    bulk = bulks.get(bulk_id)
    if bulk is None or bulk.state is BulkState.DRAFT:
        raise NotFound("proposal_unknown")
    found, skipped = changes.of_proposal(bulk_id), bulks.skipped(bulk_id)
    of_skipped = {each.shown.shop_id for each in skipped}
    shops = _shops(conn, seller_id, of_skipped | {each.shop_id for each in found})
    shown = bulks.shown([each.listing_variant_id for each in found])
    lines = [
        BulkLine(shown[each.listing_variant_id], shops[each.shop_id], each.before, each.after, each)
        for each in found
    ]
    waiting = [each for each in found if each.state is ChangeState.PENDING]
    excess = excess_of(conn, seller_id, waiting, now) if waiting else None
    others = [each.name for each in others_who_decide(conn, seller_id, bulk.requested_by)]
    taken_back = changes.taken_back(bulk_id)
    undo = bulks.undo_of(bulk_id) if taken_back else None
    names = {each.user_id: each.name for each in Members(conn, seller_id).all()}
    return BulkCard(
        bulk=bulk,
        lines=tuple(sorted(lines, key=lambda line: (line.shown.title, line.shown.name, line.shown.id))),
        skipped=tuple(_line(each, shops) for each in skipped),
        version=bulk.version + version_of(found),
        shop=_shop(shops, bulk),
        is_demo=any(each.shop.is_simulated for each in lines),
        requested_by_name=names.get(bulk.requested_by, ""),
        decided_by_name=names.get(next((each.approved_by for each in found if each.approved_by), ""), ""),
        stopped_by_name=names.get(bulk.stopped_by, ""),
        undone_by_name=names.get(undo.requested_by, "") if undo else "",
        excess=excess,
        second_persons=tuple(others) if excess else (),
        needs_typing=excess is not None and not others,
        can_be_undone=any(each.can_be_undone(now) and each.id not in taken_back for each in found),
        is_paused=Pauses(conn, seller_id).find() is not None,
    )


def _line(planned: Planned, shops: dict[str, Shop]) -> BulkLine:
    shop = shops[planned.shown.shop_id]
    return BulkLine(planned.shown, shop, planned.before, planned.after, skip=planned.skip)


def _shops(conn: Connection, seller_id: str, shop_ids: Collection[str]) -> dict[str, Shop]:
    """Return these shops, those that are no longer linked among them."""
    shops = Shops(conn, seller_id)
    return {shop.id: shop for each in shop_ids if (shop := shops.get(each))}


def _shop(shops: dict[str, Shop], bulk: Bulk) -> Shop | None:
    narrowed = bulk.scope.shop
    return next((each for each in shops.values() if narrowed and each.id.startswith(narrowed)), None)
