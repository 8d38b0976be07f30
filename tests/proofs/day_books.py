"""Our books beside the platform's truth, order by order, parcel by parcel, variant by variant."""

import asyncio
import time
from collections import defaultdict
from decimal import Decimal
from typing import Any

from domain.money import SCALE
from tests.proofs.trial import Scene
from tests.proofs.verdict import Verdict
from tests.stage import until

SHOWN = 5
ORDERS = "SELECT external_id, raw_status, total, is_cod FROM sale_order"
LINES = (
    "SELECT o.external_id, l.listing_external_id, l.variant_external_id, l.quantity FROM order_line l"
    " JOIN sale_order o ON o.id = l.order_id"
)
PARCELS = (
    "SELECT o.external_id, p.external_id, p.raw_status, p.courier, p.tracking_number, k.state FROM packing k"
    " JOIN parcel p ON p.id = k.parcel_id JOIN sale_order o ON o.id = k.order_id"
    " WHERE o.raw_status IN ('READY_TO_SHIP', 'PROCESSED')"
)
VARIANTS = (
    "SELECT l.external_id, v.external_id, v.listed, v.buyer_pays, v.available, v.reserved FROM listing_variant v"
    " JOIN listing l ON l.id = v.listing_id"
)
OFF = {"dropped", "pulled"}

Told = dict[str, Any]


async def judge_books(scene: Scene, verdict: Verdict) -> None:
    """Have the shop read once more, as anybody may, and compare everything."""
    said = await scene.phone.say("/shops")
    shops = await scene.phone.sees("1 shop", after=said, within_s=60)
    await scene.phone.press(shops, "Rumah Kita")
    await scene.phone.press(await scene.phone.offers(shops, "^Sync now$", within_s=60), "^Sync now$")
    apart: dict[str, tuple[Any, Any]] = {}

    async def agree() -> bool:
        nonlocal apart
        began = time.perf_counter()
        apart = await _apart(scene)
        if apart:  # a look at a long day takes a while: the other half of the time belongs to the platform
            await asyncio.sleep(time.perf_counter() - began)
        return not apart

    try:
        await until(agree, "the books to agree", within_s=120)
    except AssertionError:
        for what, (theirs, ours) in sorted(apart.items())[:SHOWN]:
            verdict.check(False, f"{what} is {theirs} there and {ours} here")
        verdict.check(len(apart) <= SHOWN, f"and {len(apart) - SHOWN} differences more")
    verdict.numbers["books_apart"] = len(apart)


async def _apart(scene: Scene) -> dict[str, tuple[Any, Any]]:
    """Return by what it is about what the platform says and what we say, where they differ."""
    truth = await scene.stage.seller.world(with_orders=True)
    shop = truth["shops"][0] if "shops" in truth else truth
    theirs = _their_orders(shop) | _their_parcels(shop) | _their_variants(shop)
    ours = _our_orders(scene) | _our_parcels(scene) | _our_variants(scene)
    return {
        what: (theirs.get(what), ours.get(what))
        for what in theirs.keys() | ours.keys()
        if theirs.get(what) != ours.get(what)
    }


def _their_orders(shop: Told) -> Told:
    """Return the orders; of what was never paid for the platform tells no sum."""
    return {
        f"order {one['order_sn']}": (
            one["status"],
            Decimal(one["total_amount"]) if one["pay_time"] or one["cod"] else None,
            one["cod"],
            sorted((str(line["item_id"]), str(line["model_id"]), line["quantity"]) for line in one["lines"]),
        )
        for one in shop["orders"]
    }


def _our_orders(scene: Scene) -> Told:
    lines = defaultdict(list)
    for number, *line in scene.rows(LINES):
        lines[number].append(tuple(line))
    return {
        f"order {number}": (status, _amount(total), bool(is_cod), sorted(lines[number]))
        for number, status, total, is_cod in scene.rows(ORDERS)
    }


def _their_parcels(shop: Told) -> Told:
    """Return the parcels of what is or was to be packed; the others are not ours to pack."""
    return {
        f"parcel {each['package_number']}": (
            one["order_sn"],
            each["status"],
            each["courier"],
            each["tracking_number"],
        )
        for one in shop["orders"]
        if one["status"] in {"READY_TO_SHIP", "PROCESSED"}
        for each in one["parcels"]
    }


def _our_parcels(scene: Scene) -> Told:
    return {
        f"parcel {number}": (order, status, courier, tracking)
        for order, number, status, courier, tracking, state in scene.rows(PARCELS)
        if state not in OFF
    }


def _their_variants(shop: Told) -> Told:
    return {
        f"variant {item['item_id']}/{model['model_id']}": (
            Decimal(model["price"]),
            Decimal(model["buyer_price"]),
            model["available"],
            model["reserved"],
        )
        for item in shop["items"]
        if item["status"] not in {"SELLER_DELETE", "SHOPEE_DELETE"}
        for model in item["models"]
    }


def _our_variants(scene: Scene) -> Told:
    return {
        f"variant {item}/{model or 0}": (_amount(listed), _amount(buyer_pays), available, reserved)
        for item, model, listed, buyer_pays, available, reserved in scene.rows(VARIANTS)
    }


def _amount(stored: int | None) -> Decimal | None:
    return None if stored is None else Decimal(stored).scaleb(-SCALE)
