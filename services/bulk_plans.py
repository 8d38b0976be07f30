"""What a bulk change would do to which prices: worked out of our books, each time it is shown or asked for."""

from collections.abc import Sequence

from domain.bulk import MOST, Bulk, Planned, Scope, Source, plan_price
from domain.catalogue import ListingVariant
from domain.chats import Visitor
from domain.errors import InputError, NotFound
from services.products import ProductFilter, ProductQuery, shops_here, wanted_by
from storage.database import Connection
from storage.repositories.bulks import Bulks
from storage.repositories.listings import Listings


def plan_of(conn: Connection, visitor: Visitor, bulk: Bulk) -> list[Planned]:
    """Plan every price a bulk change is over, in the shops this person sees.

    Raises NotFound("bulk_empty") when there is none, InputError("bulk_too_many").
    """
    if bulk.source is not Source.FILTER:
        raise NotFound("button_unknown")
    shown = listed(conn, visitor, query_of(bulk.scope))
    floors = Bulks(conn, visitor.seller_id).floors([each.id for each in shown])
    return [plan_price(each, bulk.recipe, floors.get(each.id)) for each in shown]


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
