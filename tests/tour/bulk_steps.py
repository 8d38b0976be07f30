"""The step of many prices at once: 120 variants by one change, 3 of them refused, the others taken back as one."""

import time

from tests.stage import until
from tests.tour.walk import Walk

WORDS = "te"
"""So many products have this in their names that 120 of their variants can be changed, and one cannot."""
ASKED, REFUSED = 120, 3
LIVE = ASKED - REFUSED
PERCENT = 10


async def change_many(walk: Walk) -> None:
    """A change is seen to the last price, approved, sent one product first; what is refused says why."""
    before = await prices(walk)
    card = await walk.phone.sees(f"“{WORDS}”", after=await walk.phone.say(f"/products {WORDS}"))
    await walk.phone.press(card, "^Change prices")
    await walk.phone.press(await walk.phone.sees_in(card, f"Change {ASKED + 1} prices?"), f"^−{PERCENT}")
    draft = await walk.phone.sees_in(
        card, f"{ASKED} prices −{PERCENT}%", "1 left as it is: in review or banned"
    )
    await walk.phone.press(draft, "^All differences")
    await walk.phone.sees(f"{ASKED + 1} prices, line by line", after=card.id)
    await walk.phone.press(draft, "^Ask for these")
    asked = await walk.phone.sees_in(card, "Asked by Sari")
    assert await prices(walk) == before, "sent before it was approved"
    await _ban(walk, "banned")
    began = time.perf_counter()
    await walk.phone.press(asked, f"^Approve {ASKED} prices")
    words = (f"{LIVE} of {ASKED} prices are live", f"{REFUSED} refused", "cannot be edited")
    done = await walk.phone.sees_in(card, *words, within_s=180)
    walk.report.figure("bulk_approved_to_live_s", time.perf_counter() - began)
    after = await prices(walk)
    changed = {each for each, price in after.items() if price != before[each]}
    assert len(changed) == LIVE, len(changed)
    assert all(after[each] == _less(before[each]) for each in changed)
    await _ban(walk, "active")
    await walk.phone.press(done, "^Undo")
    await walk.phone.press(await walk.phone.sees_in(card, f"Take {LIVE} prices back?"), "^Yes")
    await walk.phone.sees_in(card, f"Taken back: {LIVE} of {LIVE}", within_s=180)

    async def is_back() -> bool:
        return await prices(walk) == before

    await until(is_back, "the old prices to be back", within_s=60)


async def _ban(walk: Walk, state: str) -> None:
    """Have the platform ban a product of three variants that is among them, or let it be sold again."""
    world = await walk.stage.seller.world()
    found = next(
        item
        for item in world["shops"][0]["items"]
        if WORDS in item["title"].lower() and len(item["models"]) == REFUSED
    )
    await walk.stage.seller.control("listing", {"item_id": found["item_id"], "state": state})


def _less(price: int) -> int:
    """Return a price less the percent, rounded half up to whole rupiah."""
    return (price * (100 - PERCENT) + 50) // 100


async def prices(walk: Walk) -> dict[tuple[int, int], int]:
    world = await walk.stage.seller.world()
    return {
        (item["item_id"], model["model_id"]): int(float(model["price"]))
        for item in world["shops"][0]["items"]
        for model in item["models"]
    }


BULK_STEPS = (("120 prices by one change: 3 refused with their reason, the others taken back", change_many),)
