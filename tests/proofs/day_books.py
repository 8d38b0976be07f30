"""Our books beside each platform's truth, order by order, parcel by parcel, variant by variant."""

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from domain.money import SCALE
from simulator.world.orders import OrderState
from tests.proofs.day_shops import DayShop, Words
from tests.proofs.trial import Scene
from tests.proofs.verdict import Verdict
from tests.stage import until

SHOWN = 5
ORDERS = (
    "SELECT o.external_id, o.raw_status, o.total, o.is_cod FROM sale_order o"
    " JOIN shop ON shop.id = o.shop_id WHERE shop.platform = ?"
)
LINES = (
    "SELECT o.external_id, l.listing_external_id, l.variant_external_id, l.quantity FROM order_line l"
    " JOIN sale_order o ON o.id = l.order_id"
    " JOIN shop ON shop.id = o.shop_id WHERE shop.platform = ?"
)
PARCELS = (
    "SELECT o.raw_status, o.external_id, p.external_id, p.raw_status, p.courier, p.tracking_number, k.state"
    " FROM packing k JOIN parcel p ON p.id = k.parcel_id JOIN sale_order o ON o.id = k.order_id"
    " JOIN shop ON shop.id = o.shop_id WHERE shop.platform = ?"
    " AND o.status <> 'cancel_asked'"
)
VARIANTS = (
    "SELECT o.external_id, v.external_id, v.listed, v.buyer_pays, v.available, v.reserved FROM listing_variant v"
    " JOIN listing o ON o.id = v.listing_id"
    " JOIN shop ON shop.id = o.shop_id WHERE shop.platform = ?"
)
OFF = {"dropped", "pulled"}

Told = dict[str, Any]


async def judge_books(scene: Scene, shops: Sequence[DayShop], verdict: Verdict) -> None:
    """Have each shop read once more, as anybody may, and compare everything."""
    for each in shops:
        await _read_again(scene, each.words.slug, len(shops))
    apart: dict[str, tuple[Any, Any]] = {}

    async def agree() -> bool:
        nonlocal apart
        began = time.perf_counter()
        apart = {what: both for each in shops for what, both in (await _apart(scene, each)).items()}
        if apart:  # a look at a long day takes a while: the other half of the time belongs to the platforms
            await asyncio.sleep(time.perf_counter() - began)
        return not apart

    try:
        await until(agree, "the books to agree", within_s=180)
    except AssertionError:
        for what, (theirs, ours) in sorted(apart.items())[:SHOWN]:
            verdict.check(False, f"{what} is {theirs} there and {ours} here")
        verdict.check(len(apart) <= SHOWN, f"and {len(apart) - SHOWN} differences more")
    verdict.numbers["books_apart"] = len(apart)


async def _read_again(scene: Scene, platform: str, of: int) -> None:
    """Press for a reading of the shop at one platform, by the name under which it was linked."""
    name = scene.rows("SELECT name FROM shop WHERE platform = ?", platform)[0][0]
    page = await scene.phone.sees(f"{of} shop", after=await scene.phone.say("/shops"), within_s=60)
    await scene.phone.press(page, f"^{re.escape(name)}$")
    await scene.phone.press(await scene.phone.offers(page, "^Sync now$", within_s=60), "^Sync now$")


async def _apart(scene: Scene, shop: DayShop) -> dict[str, tuple[Any, Any]]:
    """Return by what it is about what the platform says and what we say, where they differ."""
    truth = (await shop.seller.world(with_orders=True))["shops"][0]
    words = shop.words
    theirs = _their_orders(truth, words) | _their_parcels(truth, words) | _their_variants(truth, words)
    ours = _our_orders(scene, words) | _our_parcels(scene, words) | _our_variants(scene, words)
    return {
        f"{words.name}: {what}": (theirs.get(what), ours.get(what))
        for what in theirs.keys() | ours.keys()
        if theirs.get(what) != ours.get(what)
    }


def _their_orders(truth: Told, words: Words) -> Told:
    """Return the orders; some platforms tell no sum of what was never paid for."""
    return {
        f"order {one['order_sn']}": (
            one["status"],
            Decimal(one["total_amount"]) if words.tells_unpaid or one["pay_time"] or one["cod"] else None,
            one["cod"],
            sorted((str(line["item_id"]), str(line["model_id"]), line["quantity"]) for line in one["lines"]),
        )
        for one in truth["orders"]
    }


def _our_orders(scene: Scene, words: Words) -> Told:
    lines = defaultdict(list)
    for number, *line in scene.rows(LINES, words.slug):
        lines[number].append(tuple(line))
    return {
        f"order {number}": (status, _amount(total), bool(is_cod), sorted(lines[number]))
        for number, status, total, is_cod in scene.rows(ORDERS, words.slug)
    }


def _their_parcels(truth: Told, words: Words) -> Told:
    """Return the parcels of what is or was to be packed; the others are not ours to pack."""
    return {
        f"parcel {words.parcel_told(each)}": (
            one["order_sn"],
            each["status"],
            each["courier"],
            each["tracking_number"],
        )
        for one in truth["orders"]
        if one["status"] in words.to_pack and one["history"][-1][1] != OrderState.CANCEL_ASKED
        for each in one["parcels"]
    }


def _our_parcels(scene: Scene, words: Words) -> Told:
    return {
        f"parcel {number}": (order, status, courier, tracking)
        for of_order, order, number, status, courier, tracking, state in scene.rows(PARCELS, words.slug)
        if of_order in words.to_pack and state not in OFF
    }


def _their_variants(truth: Told, words: Words) -> Told:
    return {
        f"variant {item['item_id']}/{model['model_id']}": (
            Decimal(model["price"]),
            Decimal(model["buyer_price"] if words.tells_sale else model["price"]),
            model["available"],
            model["reserved"],
        )
        for item in truth["items"]
        if item["status"] not in words.gone
        for model in item["models"]
    }


def _our_variants(scene: Scene, words: Words) -> Told:
    return {
        f"variant {item}/{model or 0}": (_amount(listed), _amount(buyer_pays), available, reserved)
        for item, model, listed, buyer_pays, available, reserved in scene.rows(VARIANTS, words.slug)
    }


def _amount(stored: int | None) -> Decimal | None:
    return None if stored is None else Decimal(stored).scaleb(-SCALE)
