"""Reading what a control request means: which shop, which SKU, yes or no."""

from typing import Any

from simulator.lazada import numbers
from simulator.lazada.accounts import HOME_SHOP
from simulator.lazada.simulation import Simulation
from simulator.world.shops import Listing, ListingVariant, Shop


class UnknownThingError(LookupError):
    """There is no such shop, SKU or order."""


def find_shop(simulation: Simulation, fields: dict[str, Any]) -> Shop:
    shop_id = int(fields.get("shop_id", HOME_SHOP.id))
    shop = simulation.world.shops.get(shop_id)
    if shop is None:
        raise UnknownThingError(f"There is no shop {shop_id}.")
    return shop


def find_variant(simulation: Simulation, fields: dict[str, Any]) -> tuple[Shop, Listing, ListingVariant]:
    """Find a SKU by the seller's `sku`, or by `item_id` and `model_id`, this platform's product and SKU."""
    shop = find_shop(simulation, fields)
    if "sku" in fields:
        found = shop.find_sku(str(fields["sku"]))
    else:
        listing = numbers.find_listing(shop, str(fields["item_id"]))
        variant = numbers.find_sku(listing, str(fields["model_id"])) if listing else None
        found = (listing, variant) if listing and variant else None
    if found is None:
        raise UnknownThingError("There is no such SKU in this shop.")
    return shop, *found


def as_bool(fields: dict[str, Any], name: str, *, default: bool) -> bool:
    value = fields.get(name, default)
    if not isinstance(value, bool):
        raise TypeError(f"{name} should be true or false.")
    return value
