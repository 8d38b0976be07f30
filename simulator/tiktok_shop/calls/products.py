"""Products: searched, shown, priced, stocked, hidden and shown again."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from simulator.tiktok_shop import errors, numbers
from simulator.tiktok_shop.calls.endpoint import Json, ShopCall, is_within, listed, moments
from simulator.tiktok_shop.calls.pages import page
from simulator.tiktok_shop.calls.product_wire import listed_product, shown_product
from simulator.tiktok_shop.errors import ApiError
from simulator.tiktok_shop.statuses import AUDIT_STATUS, PRODUCT_STATUS, PRODUCT_STATUSES
from simulator.world.orders import OrderState
from simulator.world.shops import Listing, ListingState, ListingVariant

SIZES = range(1, 101)
MOST_FOUND = 10_000
MOST_IDS = 20
MOST_UNITS = 99_999
PRICES = {"ID": (Decimal(100), Decimal(100_000_000)), "MY": (Decimal("0.01"), Decimal(320_000))}

WRONG_SIZE = ApiError(12019109, "page size is invalid")
TOO_MANY_FOUND = ApiError(12052180, "The total number of search results can not exceed 10000.")
TOO_MANY_IDS = ApiError(12019120, "The number of provided product IDs exceeds the limit.")
UNKNOWN = ApiError(12052032, "The product does not exist")
NOT_YOURS = ApiError(
    12052048, "You cannot edit the specified product(s) as it isn't listed in your account or shop."
)
WRONG_STATUS = ApiError(
    12052901,
    "The product in its current status is not available for this operation. Change the product status and try again.",
)
NO_SKUS = ApiError(12052902, "The SKU list is empty.")
NOT_OF_PRODUCT = ApiError(12052557, "The SKU ID does not belong to the product.")
PRICE_LOCKED = ApiError(12052038, "Product price locked due to ongoing promotion.")
PRICE_FORMAT = ApiError(12052012, "Incorrect price format")
PRICE_RANGE = ApiError(12052073, "The price is out of the allowed range.")
CURRENCY = ApiError(12052084, "The provided currency is not available for this shop/region.")
ALL_WAREHOUSES = ApiError(
    12019028,
    "Multiple warehouses detected. Include all warehouse IDs and the corresponding details and try again.",
)
STOCK_LOCKED = ApiError(
    12052393, "Product locked for Promotion and stock can't be updated below current stock"
)
UNITS = ApiError(12052055, "The SKU inventory quantity for the warehouse must be within allowed limits.")

ON_THE_WAY = frozenset(
    {
        OrderState.UNPAID,
        OrderState.HELD,
        OrderState.INVOICE_DUE,
        OrderState.TO_SHIP,
        OrderState.CANCEL_ASKED,
    }
)
"""States in which goods are promised and have not left."""


async def search(call: ShopCall) -> Json:
    status = call.body.get("status", "ALL")
    if status not in PRODUCT_STATUSES:
        raise errors.invalid("body.status")
    created = moments(call.body, "create_time", upper="le")
    updated = moments(call.body, "update_time", upper="le")
    skus = listed(call.body.get("seller_skus", []), "seller_skus", 10)
    audits = listed(call.body.get("audit_status", []), "audit_status")
    found = [
        listing
        for listing in call.shop.listings.values()
        if (status in {"ALL", PRODUCT_STATUS[listing.state]})
        and is_within(listing.listed_at.timestamp(), created)
        and is_within(listing.updated_at.timestamp(), updated)
        and (not skus or any(variant.spec.sku in skus for variant in listing.variants))
        and (not audits or AUDIT_STATUS.get(listing.state) in audits)
    ]
    if len(found) > MOST_FOUND:
        raise TOO_MANY_FOUND
    shown, token = page(
        call,
        found,
        lambda listing: (int(listing.updated_at.timestamp()), numbers.product_id(listing.id)),
        sizes=SIZES,
        is_descending=True,
        wrong_size=WRONG_SIZE,
    )
    return {
        "total_count": len(found),
        "next_page_token": token,
        "products": [listed_product(call.shop, listing) for listing in shown],
    }


async def get(call: ShopCall) -> Json:
    if {"return_under_review_version", "return_draft_version"} <= call.query.keys():
        raise errors.invalid("query.return_draft_version")
    listing = find_product(call)
    if listing.state in {ListingState.BANNED, ListingState.DELETED}:
        raise WRONG_STATUS
    return shown_product(call.shop, listing, call.address)


def find_product(call: ShopCall) -> Listing:
    number = call.path["product_id"]
    if listing := numbers.find_listing(call.shop, number):
        return listing
    is_somebodys = any(numbers.find_listing(shop, number) for shop in call.sim.world.shops.values())
    raise NOT_YOURS if is_somebodys else UNKNOWN


def _named(call: ShopCall) -> tuple[Listing, list[tuple[ListingVariant, Json]]]:
    """Return an active product and those of its SKUs that a body names."""
    listing = find_product(call)
    rows = call.body.get("skus")
    if not isinstance(rows, list) or not rows:
        raise NO_SKUS
    if listing.state is not ListingState.ACTIVE:
        raise WRONG_STATUS
    found = []
    for row in rows:
        number = row.get("id") if isinstance(row, dict) else None
        if not isinstance(number, str):
            raise errors.invalid("body.skus.id")
        variant = numbers.find_sku(listing, number)
        if variant is None:
            raise NOT_OF_PRODUCT
        found.append((variant, row))
    return listing, found


async def update_prices(call: ShopCall) -> Json:
    """Set prices of one product: all of them, or none when one cannot be set."""
    listing, named = _named(call)
    now = call.sim.clock.now()
    prices = []
    for variant, row in named:
        price = row.get("price")
        if not isinstance(price, dict) or not isinstance(price.get("amount"), str):
            raise PRICE_FORMAT
        if price.get("currency") != call.shop.market.currency:
            raise CURRENCY
        promotion = call.shop.ongoing_promotion(variant.id, now)
        if promotion and promotion.locks_price:
            raise PRICE_LOCKED
        prices.append((variant, _amount(call, price["amount"])))
    for variant, amount in prices:
        call.sim.world.change_price(call.shop, listing, variant, amount)
    return {}


def _amount(call: ShopCall, written: str) -> Decimal:
    market = call.shop.market
    try:
        amount = Decimal(written)
    except InvalidOperation:
        raise PRICE_FORMAT from None
    if not amount.is_finite() or amount != amount.quantize(Decimal(1).scaleb(-market.decimals)):
        raise PRICE_FORMAT
    least, most = PRICES.get(market.region, (Decimal(0), Decimal(10**9)))
    if not least <= amount <= most:
        raise PRICE_RANGE
    return amount


async def update_inventory(call: ShopCall) -> Json:
    """Set units of one product's SKUs, every warehouse of each. A wrong warehouse is told by SKU, under code 0."""
    listing, named = _named(call)
    wrong, changes = [], []
    for variant, row in named:
        places = row.get("inventory")
        if not isinstance(places, list) or not places:
            raise errors.missing("body.skus.inventory")
        told: dict[str, Any] = {
            str(each.get("warehouse_id")): each.get("quantity") for each in places if isinstance(each, dict)
        }
        if strangers := [place for place in told if place not in variant.stock]:
            wrong.append(_check_failed(variant, strangers))
            continue
        if told.keys() != variant.stock.keys():
            raise ALL_WAREHOUSES
        for units in told.values():
            if not isinstance(units, int) or isinstance(units, bool) or not 0 <= units <= MOST_UNITS:
                raise UNITS
        _check_promised(call, variant, sum(told.values()))
        changes.append((variant, told))
    for variant, told in changes:
        for place, units in told.items():
            call.sim.world.change_stock(call.shop, listing, variant, place, units)
    return {"errors": wrong} if wrong else {}


def _check_failed(variant: ListingVariant, strangers: list[str]) -> Json:
    return {
        "code": 12052990,
        "message": "Check failed",
        "detail": {
            "sku_id": numbers.sku_id(variant.id),
            "extra_errors": [
                {"warehouse_id": str(place), "code": 12052097, "message": "The warehouse does not exist"}
                for place in strangers
            ],
        },
    }


def _check_promised(call: ShopCall, variant: ListingVariant, units: int) -> None:
    promotion = call.shop.ongoing_promotion(variant.id, call.sim.clock.now())
    is_less = units < variant.total_stock
    if (promotion and promotion.locks_stock and is_less) or units < call.shop.reserved(
        variant.id, call.sim.clock.now()
    ):
        raise STOCK_LOCKED


async def search_inventory(call: ShopCall) -> Json:
    skus = listed(call.body.get("sku_ids", []), "sku_ids", 600)
    products = listed(call.body.get("product_ids", []), "product_ids")
    if len(products) > 100:
        raise TOO_MANY_IDS
    if not skus and not products:
        raise errors.missing("body.product_ids")
    promised: Counter[tuple[int, int]] = Counter()
    for order in call.shop.orders.values():
        if order.state in ON_THE_WAY:
            promised.update(
                {(line.listing_id, line.variant_id): order.units_left(line) for line in order.lines}
            )
    rows: list[Json] = []
    for listing in call.shop.listings.values():
        shown = [
            _held(call, listing, variant, promised)
            for variant in listing.variants
            if (numbers.sku_id(variant.id) in skus if skus else numbers.product_id(listing.id) in products)
        ]
        if shown:
            rows.append({"product_id": numbers.product_id(listing.id), "skus": shown})
    return {"inventory": rows}


def _held(
    call: ShopCall, listing: Listing, variant: ListingVariant, promised: Counter[tuple[int, int]]
) -> Json:
    now = call.sim.clock.now()
    committed = promised[listing.id, variant.id if listing.has_options else 0]
    campaigns = [
        {"quantity": each.rows[variant.id].reserved, "campaign_name": each.name}
        for each in call.shop.live_promotions(variant.id, now)
        if each.rows[variant.id].reserved
    ]
    return {
        "id": numbers.sku_id(variant.id),
        "seller_sku": variant.spec.sku,
        "total_available_quantity": variant.total_stock,
        "total_committed_quantity": committed,
        "warehouse_inventory": [
            {
                "warehouse_id": place,
                "available_quantity": units,
                "committed_quantity": committed if number == 0 else 0,
            }
            for number, (place, units) in enumerate(variant.stock.items())
        ],
        "total_available_inventory_distribution": {
            "campaign_inventory": campaigns,
            "creator_inventory": [],
            "in_shop_inventory": {"quantity": call.shop.available(variant, now)},
        },
    }


def _each(call: ShopCall, act: Callable[[Listing], ApiError | None]) -> Json:
    """Do something to each product named; what is refused stands in `errors`, under code 0."""
    ids = listed(call.body.get("product_ids"), "product_ids")
    if len(ids) > MOST_IDS:
        raise TOO_MANY_IDS
    refused = []
    for number in ids:
        listing = numbers.find_listing(call.shop, number)
        why = NOT_YOURS if listing is None else act(listing)
        if why:
            refused.append({"code": why.code, "message": why.message, "detail": {"product_id": number}})
    return {"errors": refused} if refused else {}


async def activate(call: ShopCall) -> Json:
    """Ask for products to be shown; they are looked at first."""

    def act(listing: Listing) -> ApiError | None:
        if listing.state is not ListingState.UNLISTED:
            return WRONG_STATUS
        audit(call, listing)
        return None

    return _each(call, act)


def audit(call: ShopCall, listing: Listing) -> None:
    call.sim.world.show_listing(listing, ListingState.IN_REVIEW)
    call.sim.audits_due.append((call.sim.clock.now() + call.sim.audit_lag, call.shop.id, listing.id))


async def deactivate(call: ShopCall) -> Json:
    def act(listing: Listing) -> ApiError | None:
        if listing.state is not ListingState.ACTIVE:
            return WRONG_STATUS
        now = call.sim.clock.now()
        if any(call.shop.ongoing_promotion(variant.id, now) for variant in listing.variants):
            return PRICE_LOCKED
        call.sim.world.show_listing(listing, ListingState.UNLISTED)
        return None

    return _each(call, act)


async def delete(call: ShopCall) -> Json:
    def act(listing: Listing) -> ApiError | None:
        call.sim.world.show_listing(listing, ListingState.DELETED)
        return None

    return _each(call, act)


async def recover(call: ShopCall) -> Json:
    def act(listing: Listing) -> ApiError | None:
        if listing.state is not ListingState.DELETED:
            return WRONG_STATUS
        call.sim.world.show_listing(listing, ListingState.UNLISTED)
        return None

    return _each(call, act)
