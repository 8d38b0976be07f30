"""The platform's 18 and 19 digits for what the world calls otherwise; every one of them is above 2^53."""

from functools import lru_cache
from hashlib import sha256
from itertools import islice

from simulator.world.orders import Order, OrderLine, Parcel
from simulator.world.returns import Return
from simulator.world.shops import Listing, ListingVariant, Shop

_PRODUCT, _SKU = 1_729_592_000_000_000_000, 1_729_600_000_000_000_000
_ORDER, _UNIT = 576_461_000_000_000_000, 577_000_000_000_000_000
_PACKAGE, _AFTERSALE, _BUYER = 1_152_000_000_000_000_000, 4_035_300_000_000_000_000, 7_021_000_000_000_000_000
_UNITS_PER_LINE = 1000


def product_id(listing_id: int) -> str:
    return str(_PRODUCT + listing_id)


def sku_id(variant_id: int) -> str:
    return str(_SKU + variant_id)


def buyer_id(user_id: int) -> str:
    return str(_BUYER + user_id)


def package_id(parcel: Parcel) -> str:
    return str(_PACKAGE + int(parcel.number))


def unit_id(line: OrderLine, unit: int) -> str:
    """Name one unit of a line: on this platform each is a line of its own."""
    return str(_UNIT + line.line_id * _UNITS_PER_LINE + unit)


@lru_cache(maxsize=200_000)
def order_id(order_sn: str) -> str:
    return str(_ORDER + _spread(order_sn, 10**12))


@lru_cache(maxsize=20_000)
def return_id(number: str) -> str:
    return str(_AFTERSALE + _spread(number, 10**13))


@lru_cache(maxsize=20_000)
def cancel_id(order_sn: str, turn: int) -> str:
    return str(_AFTERSALE + 10**13 + _spread(f"{order_sn}/{turn}", 10**13))


def _spread(name: str, over: int) -> int:
    return int.from_bytes(sha256(name.encode()).digest()[:8]) % over


def find_listing(shop: Shop, product: str) -> Listing | None:
    return shop.listings.get(int(product) - _PRODUCT) if product.isdecimal() else None


def find_sku(listing: Listing, sku: str) -> ListingVariant | None:
    return listing.variant(int(sku) - _SKU) if sku.isdecimal() else None


def world_variant(shop: Shop, sku: str) -> tuple[Listing, ListingVariant] | None:
    """Find a SKU whatever its product."""
    for listing in shop.listings.values():
        if variant := find_sku(listing, sku):
            return listing, variant
    return None


class Index:
    """Finds orders, packages and returns by this platform's numbers; what is new in a shop is read in when missed."""

    def __init__(self) -> None:
        self._orders: dict[int, dict[str, str]] = {}
        self._returns: dict[int, dict[str, str]] = {}

    def order(self, shop: Shop, number: str) -> Order | None:
        known = self._orders.setdefault(shop.id, {})
        if number not in known:
            known |= {order_id(sn): sn for sn in islice(shop.orders, len(known), None)}
        return shop.orders.get(known.get(number, ""))

    def returned(self, shop: Shop, number: str) -> Return | None:
        known = self._returns.setdefault(shop.id, {})
        if number not in known:
            known |= {return_id(each): each for each in islice(shop.returns, len(known), None)}
        return shop.returns.get(known.get(number, ""))
