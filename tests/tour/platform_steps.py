"""The steps of all platforms in one chat: linked side by side, heard within seconds, packed together, priced as one."""

import re
import time
from itertools import cycle
from typing import Any

from tests.stage import Message, Seller, until
from tests.stage.crew import bring_in, choose_shop
from tests.stage.papers import numbers_on
from tests.tour.walk import Walk

INSTANT = "GoSend Instant"
PERCENT = 10
OUTAGE_S = 60.0
BUYS_EVERY_S = 10.0
SPACE_S = 6.0
"""Orders that gather on one message are shown there every five seconds at the most."""
LOOKED_AT = 20
"""So many listings of each shop are looked through for goods that all sell."""
STORED = "SELECT count(*) FROM sale_order WHERE external_id = ?"
IN_BATCH = (
    "SELECT DISTINCT shop.platform FROM packing JOIN parcel ON parcel.id = packing.parcel_id"
    " JOIN shop ON shop.id = parcel.shop_id WHERE parcel.tracking_number = ?"
)


async def link_others(walk: Walk) -> None:
    """/link offers all platforms; the other shops come in beside the first."""
    others = {"TikTok Shop": walk.tiktok_shop.seller, "Lazada": walk.lazada.seller}
    for name, seller in others.items():
        asked = await walk.phone.sees("Which shop", after=await walk.phone.say("/link"))
        assert {"Shopee", *others} <= set(asked.buttons), asked.buttons
        await choose_shop(walk.phone, asked, name)
        offer = await walk.phone.sees_in(asked, "Valid until")
        await seller.consent(offer.urls[f"Open {name}"])
        await walk.phone.press(await walk.phone.sees_in(asked, "Is this your shop?"), "^Yes, link it$")
        await walk.phone.sees_in(asked, "All in", within_s=120)


async def heard_from_all(walk: Walk) -> None:
    """A buyer on each platform: how long it is from the click to the chat of somebody who came just now."""
    walk.crew["newcomer"] = await bring_in(walk.stage, walk.phone, "Eka", "manager")
    for slug, seller in _sellers(walk):
        took = await _bought_and_told(walk, seller)
        await _let_pass(SPACE_S)
        walk.report.figure(f"order_to_chat_s_{slug}", took)


async def packed_together(walk: Walk) -> None:
    """Couriers who come within the hour: their parcels of all platforms are one batch, with labels of all."""
    packer = walk.crew["packer"]
    for _, seller in _sellers(walk):
        model = await seller.sellable()
        line = {"item_id": model["item_id"], "model_id": model["model_id"], "quantity": 1}
        ordered = {"shop_id": seller.shop, "courier": INSTANT, "lines": [line]}
        number = (await seller.control("orders", ordered))["order_sn"]

        async def is_in(number: str = number) -> bool:
            return bool(walk.stage.rows(STORED, number)[0][0])

        await until(is_in, "the order to come in", within_s=60)
    said = await packer.say("/pack")
    page = await packer.sees("to pack", after=said)
    await packer.press(page, r"^Take (next )?[\d,]+ instant")
    batch = await packer.sees_in(page, "Batch B", within_s=60)
    numbers = await _printed(walk, batch, said)
    for number in numbers:
        await packer.say(number)
    await packer.sees_in(batch, f"{len(numbers)} of {len(numbers)} packed", within_s=60)
    walk.report.figure("batch_of_all_platforms_parcels", len(numbers))


async def _printed(walk: Walk, batch: Message, said: int) -> list[str]:
    """Choose what is asked of each courier until a batch has its labels; return their numbers."""
    packer = walk.crew["packer"]
    choice = r"^Pickup |^I bring "

    async def look() -> list[str] | None:
        shown = next(one for one in await packer.messages() if one.id == batch.id)
        if label := next((each for each in shown.buttons if re.search(choice, each)), ""):
            await packer.press(shown, f"^{re.escape(label)}$")
            return None
        papers = [one for one in await packer.messages(said) if one.says("Labels of B")]
        waiting = walk.stage.rows(UNPRINTED)[0][0]
        if not papers or waiting:
            return None
        chat = packer.chat_id
        numbers = [number for paper in papers for number in await numbers_on(walk.stage, chat, paper)]
        # What is printed is sent a moment later, and each courier's labels are a paper of their own.
        return numbers if _platforms(walk, numbers) == {slug for slug, _ in _sellers(walk)} else None

    return await until(look, "the labels of all platforms", within_s=120)


def _platforms(walk: Walk, numbers: list[str]) -> set[str]:
    return {walk.stage.rows(IN_BATCH, number)[0][0] for number in numbers}


UNPRINTED = (
    "SELECT count(*) FROM packing JOIN batch ON batch.id = packing.batch_id"
    " WHERE batch.closed_at IS NULL AND packing.state IN ('to_arrange', 'arranged')"
)


async def priced_as_one(walk: Walk) -> None:
    """What all shops sell gets a new price in each by one approval."""
    shelves = [await seller.several_sellable(LOOKED_AT) for _, seller in _sellers(walk)]
    sku = min(set.intersection(*({each["sku"] for each in shelf} for shelf in shelves)))
    sold = [next(each for each in shelf if each["sku"] == sku) for shelf in shelves]
    before = await _prices(walk, sold)
    words = " ".join(re.findall(r"[A-Za-z]+", sold[0]["title"])[:2])
    card = await walk.phone.sees(f"“{words}”", after=await walk.phone.say(f"/products {words}"))
    await walk.phone.press(card, "^Change prices")
    await walk.phone.press(await walk.phone.sees_in(card, "Change ", " prices?"), f"^−{PERCENT}")
    await walk.phone.press(await walk.phone.sees_in(card, f"prices −{PERCENT}%"), "^Ask for these")
    assert await _prices(walk, sold) == before, "sent before it was approved"
    await walk.phone.press(await walk.phone.sees_in(card, "Asked by Sari"), r"^Approve \d+ prices")
    done = await walk.phone.sees_in(card, "prices are live", within_s=180)
    assert await _prices(walk, sold) == [(price * (100 - PERCENT) + 50) // 100 for price in before], done.text


async def one_is_down(walk: Walk) -> None:
    """One platform answers nothing but 500 for a minute: the others' orders are told as ever, its own after that."""
    (_, first), (_, down), (_, second) = _sellers(walk)
    turns = cycle((first, second))
    fault = {"kind": "server_error", "path": "*", "probability": 1.0}
    await down.control("faults", fault)
    missed = await _buy(down)
    began, slowest = time.perf_counter(), 0.0
    while time.perf_counter() - began < OUTAGE_S:
        turn = time.perf_counter()
        slowest = max(slowest, await _bought_and_told(walk, next(turns)))
        await _let_pass(BUYS_EVERY_S - (time.perf_counter() - turn))
    newcomer = walk.crew["newcomer"]
    assert not any(missed[-5:] in one.text for one in await newcomer.messages())
    await down.control("faults/clear", {})
    await newcomer.sees(missed[-5:], within_s=180)
    walk.report.figure("order_to_chat_while_other_is_down_s", slowest)


async def _bought_and_told(walk: Walk, seller: Seller) -> float:
    """Return how long it is from a buyer's click until it stands in the newcomer's chat."""
    began = time.perf_counter()
    number = await _buy(seller)
    await walk.crew["newcomer"].sees(number[-5:], within_s=30)
    return time.perf_counter() - began


async def _buy(seller: Seller) -> str:
    model = await seller.sellable()
    return str((await seller.order(model["item_id"], model["model_id"]))["order_sn"])


async def _prices(walk: Walk, sold: list[dict[str, Any]]) -> list[int]:
    """Return what each platform has as the price of the same goods."""
    named = zip(_sellers(walk), sold, strict=True)
    return [int(await seller.price(each["item_id"], each["model_id"])) for (_, seller), each in named]


async def _let_pass(seconds: float) -> None:
    ends = time.perf_counter() + seconds

    async def is_over() -> bool:
        return time.perf_counter() >= ends

    await until(is_over, "time to pass", within_s=max(seconds, 0) + 5)


def _sellers(walk: Walk) -> list[tuple[str, Seller]]:
    """Return the seller at each platform, by its name in figures."""
    return [
        ("shopee", walk.stage.seller),
        ("tiktok_shop", walk.tiktok_shop.seller),
        ("lazada", walk.lazada.seller),
    ]


PLATFORM_STEPS = (
    ("two more platforms are linked beside the first", link_others),
    ("a buyer on each platform, and what the chat hears", heard_from_all),
    ("parcels of all platforms in one batch", packed_together),
    ("one approval changes a price on all", priced_as_one),
    ("one platform answers only 500 for a minute", one_is_down),
)
