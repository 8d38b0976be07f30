"""The platform's numbers for what the world calls otherwise."""

from functools import lru_cache
from hashlib import sha256
from itertools import islice

from simulator.world.orders import Order, OrderLine, Parcel
from simulator.world.returns import Return
from simulator.world.shops import Listing, ListingVariant, Shop

_ITEM, _SKU = 6_000_000_000, 12_000_000_000
_ORDER, _UNIT = 711_000_000_000_000, 720_000_000_000_000_000
_REVERSE, _REVERSE_LINE, _BUYER = 658_000_000_000_000, 663_000_000_000_000_000, 100_112_000_000
_UNITS_PER_LINE = 1000


def item_id(listing_id: int) -> int:
    return _ITEM + listing_id


def sku_id(variant_id: int) -> int:
    return _SKU + variant_id


def buyer_id(user_id: int) -> int:
    return _BUYER + user_id % 10**9


def package_id(parcel: Parcel) -> str:
    return f"FP{parcel.number}"


def unit_id(line: OrderLine, unit: int) -> int:
    """Name one unit of a line: on this platform each is an item of its own."""
    return _UNIT + line.line_id * _UNITS_PER_LINE + unit


def reverse_line_id(unit: int) -> int:
    return _REVERSE_LINE + unit - _UNIT


@lru_cache(maxsize=200_000)
def order_id(order_sn: str) -> int:
    return _ORDER + _spread(order_sn, 10**12)


@lru_cache(maxsize=20_000)
def reverse_id(number: str) -> int:
    return _REVERSE + _spread(number, 10**12)


@lru_cache(maxsize=20_000)
def cancel_id(order_sn: str) -> int:
    return _REVERSE + 10**12 + _spread(order_sn, 10**12)


def _spread(name: str, over: int) -> int:
    return int.from_bytes(sha256(name.encode()).digest()[:8]) % over


def find_listing(shop: Shop, item: object) -> Listing | None:
    return shop.listings.get(int(str(item)) - _ITEM) if str(item).isdecimal() else None


def find_sku(listing: Listing, sku: object) -> ListingVariant | None:
    return listing.variant(int(str(sku)) - _SKU) if str(sku).isdecimal() else None


def sku_of(shop: Shop, line: OrderLine) -> int:
    found = shop.find_variant(line.listing_id, line.variant_id)
    return sku_id(found[1].id if found else line.variant_id)


class Index:
    """Finds orders and returns by this platform's numbers; what is new in a shop is read in when missed."""

    def __init__(self) -> None:
        self._orders: dict[int, dict[str, str]] = {}
        self._returns: dict[int, dict[str, str]] = {}

    def order(self, shop: Shop, number: object) -> Order | None:
        known = self._orders.setdefault(shop.id, {})
        if str(number) not in known:
            known |= {str(order_id(sn)): sn for sn in islice(shop.orders, len(known), None)}
        return shop.orders.get(known.get(str(number), ""))

    def returned(self, shop: Shop, number: object) -> Return | None:
        known = self._returns.setdefault(shop.id, {})
        if str(number) not in known:
            known |= {str(reverse_id(each)): each for each in islice(shop.returns, len(known), None)}
        return shop.returns.get(known.get(str(number), ""))
