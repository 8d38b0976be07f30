"""What a bulk change would do to which prices: worked out of our books, each time it is shown or asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.bulk import MOST, Bulk, Planned, Scope, Skip, Source, checked, plan_price
from domain.catalogue import ListingVariant
from domain.chats import Visitor
from domain.errors import InputError, NotFound
from domain.money import Money
from domain.platform import Platform
from domain.price_rules import PriceRules, find_breach
from domain.shops import Shop
from services.guards import rules_of
from services.products import ProductFilter, ProductQuery, shops_here, wanted_by
from storage.database import Connection
from storage.repositories.bulks import Bulks
from storage.repositories.imports import Shelves
from storage.repositories.listings import Listings


def plan_of(
    conn: Connection, visitor: Visitor, bulk: Bulk, platforms: Mapping[str, Platform]
) -> list[Planned]:
    """Plan every price a bulk change is over, in the shops this person sees.

    Raises NotFound("bulk_empty") when there is none, InputError("bulk_too_many").
    """
    if bulk.source is Source.FILE:
        plan = plan_each(conn, visitor, Bulks(conn, visitor.seller_id).prices(bulk.id), platforms)
        if not plan:
            raise NotFound("bulk_empty")
        return plan
    if bulk.source is not Source.FILTER:
        raise NotFound("button_unknown")
    shown = listed(conn, visitor, query_of(bulk.scope))
    floors = Bulks(conn, visitor.seller_id).floors([each.id for each in shown])
    plan = [plan_price(each, bulk.recipe, floors.get(each.id)) for each in shown]
    return _by_rules(plan, {each.id: each for each in shops_here(conn, visitor)}, platforms)


def plan_each(
    conn: Connection, visitor: Visitor, prices: Mapping[str, Money], platforms: Mapping[str, Platform]
) -> list[Planned]:
    """Plan a price of its own for each listing variant, in the shops this person sees."""
    shops = {each.id: each for each in shops_here(conn, visitor)}
    bulks, shelves = Bulks(conn, visitor.seller_id), Shelves(conn, visitor.seller_id, shops)
    listings = {each.listing_id for each in bulks.shown(list(prices)).values()}
    floors = bulks.floors(list(prices))
    # What no price is asked for stands beside the others as it is.
    plan = [
        _each(one, prices.get(one.id, one.price.listed), floors.get(one.id))
        for one in shelves.beside(listings)
    ]
    return [each for each in _by_rules(plan, shops, platforms) if each.shown.id in prices]


def _each(shown: ListingVariant, price: Money, floor: Money | None) -> Planned:
    before = shown.price.listed
    if price.currency != before.currency:
        return Planned(shown, before, before, Skip.OTHER_CURRENCY)
    return checked(shown, before, price, floor)


def _by_rules(
    plan: Sequence[Planned], shops: Mapping[str, Shop], platforms: Mapping[str, Platform]
) -> list[Planned]:
    """Leave out what a platform's rules forbid beside what becomes of the other variants of its listing."""
    listings: dict[str, list[Planned]] = {}
    for each in plan:
        listings.setdefault(each.shown.listing_id, []).append(each)
    kept: dict[str, Planned] = {}
    for group in listings.values():
        kept |= {
            each.shown.id: each
            for each in _allowed(group, rules_of(shops[group[0].shown.shop_id], platforms))
        }
    return [kept[each.shown.id] for each in plan]


def _allowed(group: Sequence[Planned], rules: PriceRules) -> list[Planned]:
    """Skip what breaks a rule, until nothing does: what is skipped stands beside the rest as it is."""
    while True:
        planned = {each.shown.id: each.before if each.skip else each.after for each in group}
        broken = {
            each.shown.id: Skip(breach.guard.value)
            for each in steps(group)
            if (breach := find_breach(each.after, _others(planned, each), each.shown.wholesale, rules))
        }
        if not broken:
            return list(group)
        group = [replace(each, skip=broken.get(each.shown.id, each.skip)) for each in group]


def _others(planned: Mapping[str, Money], than: Planned) -> list[Money]:
    others = [price for each, price in planned.items() if each != than.shown.id]
    return [each for each in others if each.currency == than.after.currency]


def listed(conn: Connection, visitor: Visitor, query: ProductQuery) -> list[ListingVariant]:
    """Return everything that a list of products sells. Raises as `plan_of` does."""
    wanted = wanted_by(shops_here(conn, visitor), query)
    shown = Listings(conn, visitor.seller_id).variants_of(wanted, MOST + 1)
    if not shown:
        raise NotFound("bulk_empty")
    if len(shown) > MOST:
        raise InputError("bulk_too_many", most=MOST)
    return shown


def steps(plan: Sequence[Planned]) -> list[Planned]:
    """Return what of a plan is to be sent."""
    return [each for each in plan if each.skip is None]


def query_of(scope: Scope) -> ProductQuery:
    """Return the list of products that a scope names."""
    return ProductQuery(ProductFilter(scope.filter or ProductFilter.ALL), scope.shop, scope.words)


def scope_of(query: ProductQuery) -> Scope:
    return Scope(query.filter.value, query.shop, query.words)
