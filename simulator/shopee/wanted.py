"""Reading what a control request means: which shop, which model, yes or no."""

from typing import Any

from simulator.shopee.accounts import HOME_SHOP
from simulator.shopee.simulation import Simulation
from simulator.world.shops import Listing, ListingVariant, Shop


class UnknownThingError(LookupError):
    """There is no such shop, model or order."""


def find_shop(simulation: Simulation, fields: dict[str, Any]) -> Shop:
    shop_id = int(fields.get("shop_id", HOME_SHOP.id))
    shop = simulation.world.shops.get(shop_id)
    if shop is None:
        raise UnknownThingError(f"There is no shop {shop_id}.")
    return shop


def find_variant(simulation: Simulation, fields: dict[str, Any]) -> tuple[Shop, Listing, ListingVariant]:
    """Find a model by `sku`, or by `item_id` with `model_id` (absent or 0 for an item without models)."""
    shop = find_shop(simulation, fields)
    if "sku" in fields:
        found = shop.find_sku(str(fields["sku"]))
    else:
        found = shop.find_variant(int(fields["item_id"]), int(fields.get("model_id", 0)))
    if found is None:
        raise UnknownThingError("There is no such model in this shop.")
    return shop, *found


def as_bool(fields: dict[str, Any], name: str, *, default: bool) -> bool:
    value = fields.get(name, default)
    if not isinstance(value, bool):
        raise TypeError(f"{name} should be true or false.")
    return value
