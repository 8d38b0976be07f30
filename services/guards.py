"""The guards that need the books: a seller's limits at the request, at the approval, and before a price leaves."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.caps import DAY_LASTS, Excess, find_excess, may_exceed
from domain.catalogue import ListingVariant
from domain.changes import Change, ChangeState, check_price
from domain.money import Money
from domain.people import Member
from domain.platform import Platform
from domain.price_rules import Breach, PriceRules, find_breach
from domain.shops import Shop
from storage.database import Connection
from storage.repositories import directory
from storage.repositories.bulks import Bulks
from storage.repositories.catalogue import Catalogue
from storage.repositories.changes import Changes
from storage.repositories.listings import Listings
from storage.repositories.members import Members

NOTHING_PLANNED: Mapping[str, Money] = {}
NOT_SENT = frozenset({ChangeState.REJECTED, ChangeState.EXPIRED, ChangeState.SUPERSEDED})


def excess_of(conn: Connection, seller_id: str, changes: Sequence[Change], now: datetime) -> Excess | None:
    """Return the seller's limit that these changes of one proposal pass, or None."""
    variants = [each.listing_variant_id for each in changes]
    day_began_at = Changes(conn, seller_id).day_began_at(variants, now - DAY_LASTS)
    return find_excess(changes, Members(conn, seller_id).limits(), day_began_at)


def others_who_decide(conn: Connection, seller_id: str, than: str) -> list[Member]:
    """Return who may approve what this person asked for."""
    return [each for each in Members(conn, seller_id).approvers() if each.user_id != than]


def breach_of(
    conn: Connection,
    shown: ListingVariant,
    after: Money,
    platforms: Mapping[str, Platform],
    planned: Mapping[str, Money] = NOTHING_PLANNED,
) -> Breach | None:
    """Return the rule of the shop's platform that forbids this price, or None.

    `planned` has, by listing variant, what is to be asked for beside it, as if it were in the shop already.
    """
    shop = directory.shop_by_id(conn, shown.shop_id)
    siblings = Listings(conn, shop.seller_id).variants(shown.listing_id)
    others = [planned.get(each.id, each.price.listed) for each in siblings if each.id != shown.id]
    alike = [each for each in others if each.currency == after.currency]
    return find_breach(after, alike, shown.wholesale, rules_of(shop, platforms))


def rules_of(shop: Shop, platforms: Mapping[str, Platform]) -> PriceRules:
    """Return what the platform of a shop lets its prices be."""
    known = platforms.get(shop.platform)
    return (known.info.price_rules.get(shop.region) if known else None) or PriceRules()


def refusal_at_last(
    conn: Connection, change: Change, platforms: Mapping[str, Platform], now: datetime
) -> str:
    """Return why an approved change may not leave after all, or nothing.

    Meanwhile the floor may have been raised, a limit lowered, or the day's changes have added up.
    """
    catalogue, changes = Catalogue(conn, change.seller_id), Changes(conn, change.seller_id)
    shown = catalogue.listing_variant(change.listing_variant_id)
    variant = catalogue.variant(shown.variant_id) if shown else None
    guard = check_price(change.before, change.after, variant.floor if variant else None)
    if guard:
        return f"price_{guard}"
    breach = breach_of(conn, shown, change.after, platforms) if shown else None
    if breach:
        return f"price_{breach.guard}"
    together = [each for each in changes.of_proposal(change.proposal_id) if each.state not in NOT_SENT]
    excess = excess_of(conn, change.seller_id, together, now)
    if excess and not may_exceed(change.requested_by, changes.approvals(change.id)):
        return "second_person"
    return ""


def refusals_at_last(
    conn: Connection, changes: Sequence[Change], platforms: Mapping[str, Platform], now: datetime
) -> dict[str, str]:
    """Return why changes of one bulk change may not leave after all, each for itself, by their ids."""
    seller_id, ids = changes[0].seller_id, [each.listing_variant_id for each in changes]
    asked = Changes(conn, seller_id)
    floors, began = Bulks(conn, seller_id).floors(ids), asked.day_began_at(ids, now - DAY_LASTS)
    limits = Members(conn, seller_id).limits()
    together = [each for each in asked.of_proposal(changes[0].proposal_id) if each.state not in NOT_SENT]
    is_many = len([each for each in together if not each.undo_of]) > limits.items_per_proposal
    shown, planned = (
        Bulks(conn, seller_id).shown(ids),
        {each.listing_variant_id: each.after for each in changes},
    )
    refused = {}
    for change in changes:
        one = shown.get(change.listing_variant_id)
        breach = breach_of(conn, one, change.after, platforms, planned) if one else None
        guard = check_price(change.before, change.after, floors.get(change.listing_variant_id))
        is_far = is_many or find_excess([change], limits, began) is not None
        if guard:
            refused[change.id] = f"price_{guard}"
        elif breach:
            refused[change.id] = f"price_{breach.guard}"
        elif is_far and not may_exceed(change.requested_by, asked.approvals(change.id)):
            refused[change.id] = "second_person"
    return refused
