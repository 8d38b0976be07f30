"""One product in several shops: what bears one SKU becomes one variant, by itself or on a person's word.

What nobody counted joins by itself when its shop was read: nothing is sent of it anyway. What joins a counted
variant is shown in that shop from then on, so that a person says it. At that moment the listing is opened as a
first count opens one: its shop is read before anything is sent, its open orders are promised, and what it sold
since the count and has shipped has left the shelf. Orders from before the count that were shipped had left the
shelf when somebody counted it. Until then its orders move nothing, so that none counts twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.chats import Visitor
from domain.errors import Conflict
from domain.ids import new_id
from domain.namesakes import Joint, joints, questions
from domain.people import Role
from domain.shops import Shop
from domain.stock import Held, Movement, held_after, reason_of
from domain.tickets import Action, ButtonTicket
from services.counting import card_moved
from services.decisions import need
from services.views import Pressed, PressResult
from services.watching import watch
from storage.database import Connection, Database
from storage.repositories import stock_lists
from storage.repositories.audit import Audit
from storage.repositories.catalogue import Catalogue
from storage.repositories.ledger import Balance, Ledger, Sold
from storage.repositories.namesakes import AT_ONCE, Namesakes
from storage.repositories.shops import Shops, take_turns
from storage.repositories.shown_stock import ShownStock

ACTS = {Action.SAME_PRODUCT, Action.OTHER_PRODUCT}


@dataclass(frozen=True, slots=True)
class Twin:
    """A variant that bears the SKU of another: if it is the same, its shops will show `to_show` instead of `units`."""

    source: str
    shop: Shop
    title: str
    units: int
    to_show: int
    is_counted: bool
    more: int
    shops: int = 1


async def match(db: Database, shop: Shop, listings: Sequence[str] | None, now: datetime) -> None:
    """Make one what bears one SKU in this shop (in these listings of it) and in others, if nothing speaks against it."""
    seller_id = shop.seller_id
    skus = await db.read(lambda conn: Namesakes(conn, seller_id).shared(shop.id, listings))
    for start in range(0, len(skus), AT_ONCE):
        some = skus[start : start + AT_ONCE]
        await db.write(lambda conn, some=some: _match(conn, shop, some, now), "listings.match")  # type: ignore[misc]


def _match(conn: Connection, shop: Shop, skus: Sequence[str], now: datetime) -> None:
    namesakes = Namesakes(conn, shop.seller_id)
    namesakes.hold(skus)
    every = namesakes.bearing(skus, being_read=shop.id)
    found = joints(every, namesakes.apart({each.variant_id for each in every}))
    for joint in found:
        namesakes.join(joint)
    moved = {each for joint in found for each in joint}
    stock_lists.keep(conn, shop.seller_id, moved, now)
    watch(conn, shop.seller_id, moved, now)
    if found:
        facts = {"count": str(len(found))}
        audit = Audit(conn, shop.seller_id)
        audit.add(actor="storesync", action="shop.matched", subject=f"shop:{shop.id}", facts=facts, now=now)


def twin_of(conn: Connection, seller_id: str, variant_id: str) -> Twin | None:
    """Return what might become this variant and waits for a person's word, the first of it."""
    catalogue = Catalogue(conn, seller_id)
    variant = catalogue.variant(variant_id)
    if variant is None or not variant.sku:
        return None
    asked = [each for each in _questions(conn, seller_id, variant.sku.casefold()) if each.into == variant_id]
    if not asked:
        return None
    joint, ledger = asked[0], Ledger(conn, seller_id)
    source, shops = catalogue.shown(joint.source), {each.id: each for each in Shops(conn, seller_id).all()}
    balance = ledger.balances([joint.into]).get(joint.into)
    units = min((each.available for each in source), default=0)
    to_show = units
    if balance:
        keeping = ledger.keeping(joint.into)
        sold = _sold(ledger, [each.id for each in source], balance)
        left = balance.on_hand - balance.allocated - sum(each.quantity for each, _ in sold)
        to_show = max(0, left - (keeping.keeps_back if keeping else 0))
    first, is_counted, more = source[0], balance is not None, len(asked) - 1
    return Twin(
        joint.source, shops[first.shop_id], first.title, units, to_show, is_counted, more, len(source)
    )


def press_in(conn: Connection, visitor: Visitor, ticket: ButtonTicket, now: datetime) -> Pressed:
    """Make one what somebody says is one, or keep it apart. Raises Conflict("moved_on") when it is asked no more."""
    need(visitor, Role.MANAGER)
    seller_id, source = visitor.seller_id, ticket.object_id
    namesakes, catalogue = Namesakes(conn, seller_id), Catalogue(conn, seller_id)
    for shop_id in sorted(set(namesakes.listing_variants(source).values())):
        take_turns(conn, shop_id)
    variant = catalogue.variant(source)
    sku = variant.sku.casefold() if variant else ""
    namesakes.hold([sku])
    joint = next((each for each in _questions(conn, seller_id, sku) if each.source == source), None)
    if joint is None:
        raise Conflict("moved_on")
    if ticket.action is Action.OTHER_PRODUCT:
        namesakes.keep_apart(joint, now)
        _note(conn, visitor, "variant.apart", joint, now)
        return Pressed(PressResult.KEPT_APART, joint.into)
    _join(conn, visitor, joint, now)
    return Pressed(PressResult.JOINED, joint.into)


def _join(conn: Connection, visitor: Visitor, joint: Joint, now: datetime) -> None:
    seller_id, ledger = visitor.seller_id, Ledger(conn, visitor.seller_id)
    namesakes, shown = Namesakes(conn, seller_id), ShownStock(conn, seller_id)
    joined = sorted(namesakes.listing_variants(joint.source))
    balance = ledger.balances([joint.into], for_update=True).get(joint.into)
    namesakes.join(joint)
    if balance:
        for each, held in _sold(ledger, joined, balance):
            ledger.add(_opening(each, joint.into, held, now))
        shown.follow(joint.into, now)
        shown.wake([joint.into], now, asked=True)
    stock_lists.keep(conn, seller_id, set(joint), now)
    watch(conn, seller_id, list(joint), now)
    _note(conn, visitor, "variant.joined", joint, now)
    card_moved(conn, seller_id, joint.into, now)


def _questions(conn: Connection, seller_id: str, sku: str) -> list[Joint]:
    namesakes = Namesakes(conn, seller_id)
    every = namesakes.bearing([sku]) if sku else []
    return questions(every, namesakes.apart({each.variant_id for each in every}))


def _sold(ledger: Ledger, listing_variant_ids: Sequence[str], balance: Balance) -> list[tuple[Sold, Held]]:
    """Return what orders hold, or took since the count, through listings whose orders moved nothing so far."""
    found = ledger.sold_through(listing_variant_ids, balance.counted_at)
    return [(each, held_after(status, each.quantity, None)) for each, status in found]


def _opening(sold: Sold, variant_id: str, held: Held, now: datetime) -> Movement:
    return Movement(
        id=new_id(),
        variant_id=variant_id,
        reason=reason_of(Held(), held),
        on_hand=held.on_hand,
        allocated=held.allocated,
        source=f"order:{sold.order_id}:{sold.listing_variant_id}:{now.timestamp():.0f}:opening",
        at=now,
        order_id=sold.order_id,
        listing_variant_id=sold.listing_variant_id,
    )


def _note(conn: Connection, visitor: Visitor, action: str, joint: Joint, now: datetime) -> None:
    Audit(conn, visitor.seller_id).add(
        actor=visitor.member.user_id,
        action=action,
        subject=f"variant:{joint.into}",
        facts={"other": joint.source},
        now=now,
    )
