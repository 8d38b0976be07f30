"""The step of a campaign: it holds a price and a stock, both wait, and are sent by themselves when it is over."""

from typing import Any

from tests.stage import Message, until
from tests.stage.seller import HOME_SHOP
from tests.tour.walk import Walk

LASTS_S = 3600


async def locked(walk: Walk) -> None:
    seller = walk.stage.seller
    model = await _nobody_waits_for(walk)
    named = (model["item_id"], model["model_id"])
    units, price = await seller.available(*named), int(await seller.price(*named))
    campaign = await _begin(walk, model)
    card = await _ask_price(walk, model, price * 95 // 100)
    shown = await _count(walk, model, units - 3)
    await walk.phone.sees_in(shown, "4 kept for 11.11", "waits until 11.11 ends")
    assert await seller.price(*named) == price, "sent while it is held"
    assert await _stock(walk, model) == units, "sent while it is held"
    await walk.stage.kill_bot()
    await walk.stage.start_bot()
    await seller.control(f"campaign/{campaign}/end", {})
    await walk.phone.sees_in(card, "read back", within_s=60)

    async def is_set() -> bool:
        return await _stock(walk, model) == units - 3

    await until(is_set, "the stock in the shop", within_s=60)
    assert await seller.price(*named) == price * 95 // 100
    await walk.phone.sees("2 changes went through after the promotion", after=shown.id, within_s=60)


async def _nobody_waits_for(walk: Walk) -> dict[str, Any]:
    """Return a model that no open order holds: what is counted of it is what its shop is to show."""
    query = (
        "SELECT DISTINCT order_line.sku FROM order_line JOIN sale_order ON sale_order.id = order_line.order_id "
        "WHERE sale_order.status IN ('unpaid', 'pending', 'to_ship', 'arranged', 'cancel_asked', 'unknown')"
    )
    held = {row[0] for row in walk.stage.rows(query)}
    found = await walk.stage.seller.several_sellable(12, but_for=walk.sku)
    return next(each for each in found if each["sku"] not in held)


async def _begin(walk: Walk, model: dict[str, Any]) -> int:
    held = {"item_id": model["item_id"], "model_id": model["model_id"], "reserved": 4}
    wanted = {"shop_id": HOME_SHOP, "name": "11.11", "lasts_s": LASTS_S, "models": [held]}
    return int((await walk.stage.seller.control("campaign", wanted))["promotion_id"])


async def _ask_price(walk: Walk, model: dict[str, Any], after: int) -> Message:
    said = await walk.phone.say(f"/price {model['sku']} {after}")
    card = await walk.phone.sees("🏷", after=said)
    await walk.phone.press(card, "^Approve")
    return await walk.phone.sees_in(card, "waits until 11.11 ends")


async def _count(walk: Walk, model: dict[str, Any], units: int) -> Message:
    """Count the shelf for the first time; what the shop shows of it must wait."""
    card = await walk.phone.sees(model["sku"], after=await walk.phone.say(f"/price {model['sku']}"))
    await walk.phone.press(card, "^Set")
    draft = await walk.phone.sees("Draft: on hand", after=await walk.phone.say(str(units)))
    await walk.phone.press(draft, "^Send")
    return draft


async def _stock(walk: Walk, model: dict[str, Any]) -> int:
    """Return what the shop holds of a model, kept for a promotion or not."""
    for item in (await walk.stage.seller.world())["shops"][0]["items"]:
        for each in item["models"]:
            if (item["item_id"], each["model_id"]) == (model["item_id"], model["model_id"]):
                return sum(each["stock"].values())
    raise AssertionError("the model is gone")


LOCK_STEPS = (
    ("a campaign lock met and released: a price and a stock wait and are sent by themselves", locked),
)
