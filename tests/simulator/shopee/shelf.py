"""Picking goods of the simulated shop for a test, by looking at its truth."""

from dataclasses import dataclass

from tests.simulator.shopee.wire import HOME, Json, Wire


@dataclass(frozen=True)
class Shelf:
    """An item with several models, one without, and their numbers; none under a promotion."""

    item: int
    models: list[Json]
    single: int
    single_model: Json

    @property
    def first(self) -> int:
        model_id: int = self.models[0]["model_id"]
        return model_id

    @property
    def second(self) -> int:
        model_id: int = self.models[1]["model_id"]
        return model_id


async def look_at_shelf(wire: Wire, shop: int = HOME) -> Shelf:
    items = [item for item in (await wire.world(shop))["items"] if item["status"] == "NORMAL"]
    free = [item for item in items if not any(model["price_locked"] for model in item["models"])]
    many = next(
        i for i in free if len(i["models"]) > 2 and all(min(m["stock"].values()) > 5 for m in i["models"])
    )
    lone = next(i for i in free if not i["has_model"] and min(i["models"][0]["stock"].values()) > 5)
    return Shelf(many["item_id"], many["models"], lone["item_id"], lone["models"][0])


async def item_with_status(wire: Wire, status: str) -> Json:
    item: Json = next(item for item in (await wire.world())["items"] if item["status"] == status)
    return item
