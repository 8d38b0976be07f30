"""Units go to the locations a shop has: more to the first, less from where most lies, the first ones where it keeps any."""

import json
from typing import Any

import httpx
import pytest

from domain.platform import Outcome, StockPush
from tests.unit.adapters.shopee_samples import SHOP, StandIn, answer, body, by_path, wrapped

BOTTLE = "2500139862"


def bottle(total: int, *places: tuple[str, int]) -> httpx.Response:
    """Answer with the item without variants that lies at these places."""
    base = body("product_get_item_base_info", "success")
    item = base["response"]["item_list"][1]
    item["stock_info_v2"] = {
        "summary_info": {"total_available_stock": total, "total_reserved_stock": 0},
        "seller_stock": [{"location_id": name, "stock": units} for name, units in places],
    }
    base["response"]["item_list"] = [item]
    return httpx.Response(200, json=base)


async def sent(shop: StandIn, units: int, expected: int) -> list[dict[str, Any]]:
    push = StockPush(BOTTLE, "0", units, expected)
    (result,) = await shop.platform.catalogue.push_stock(SHOP, [push])
    assert result.outcome is Outcome.OK
    asked = next(each for each in shop.requests if each.url.path.endswith("update_stock"))
    (row,) = json.loads(asked.content)["stock_list"]
    stock: list[dict[str, Any]] = row["seller_stock"]
    return stock


def stand_in(item: httpx.Response, **changes: Any) -> StandIn:
    taken = wrapped({"success_list": [{"model_id": 0, "stock": 1}], "failure_list": []})
    return StandIn(by_path(**({"get_item_base_info": item, "update_stock": taken} | changes)))


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        (15, [{"location_id": "MYZ", "stock": 11}, {"location_id": "MYJ", "stock": 4}]),
        (7, [{"location_id": "MYZ", "stock": 3}, {"location_id": "MYJ", "stock": 4}]),
        (3, [{"location_id": "MYZ", "stock": 0}, {"location_id": "MYJ", "stock": 3}]),
        (0, [{"location_id": "MYZ", "stock": 0}, {"location_id": "MYJ", "stock": 0}]),
    ],
)
async def test_units_of_two_warehouses_are_set_by_their_locations(
    units: int, expected: list[dict[str, Any]]
) -> None:
    shop = stand_in(bottle(12, ("MYZ", 8), ("MYJ", 4)))
    assert await sent(shop, units, 12) == expected
    assert not any("warehouse" in each.url.path for each in shop.requests)


async def test_first_units_go_to_a_location_the_shop_has() -> None:
    shop = stand_in(bottle(0), get_warehouse_detail=answer("shop_get_warehouse_detail", "success"))
    assert await sent(shop, 5, 0) == [{"location_id": "IDZ", "stock": 5}]


async def test_a_shop_without_warehouses_names_no_location() -> None:
    single = answer("shop_get_warehouse_detail", "error_single_warehouse_shop")
    shop = stand_in(bottle(0), get_warehouse_detail=single)
    assert await sent(shop, 5, 0) == [{"stock": 5}]
