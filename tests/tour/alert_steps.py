"""The steps of what a chat hears: a lamp that runs low, and a night in which everything comes silently."""

import re
from datetime import UTC, datetime
from typing import Any

from tests.stage import Message, until
from tests.stage.seller import HOME_SHOP
from tests.tour.walk import Walk

COUNTED, ALERT_AT = 20, 6
NIGHT_HOUR = 2


async def low_stock(walk: Walk) -> None:
    """A variant falls through its three levels: three messages with sound, and none for what lies between."""
    [model] = await walk.stage.seller.several_sellable(1, but_for=walk.sku)
    card = await _count(walk, model, COUNTED)
    await walk.phone.press(card, "^Alert at")
    asked = await walk.phone.sees("From how many left on")
    await walk.phone.say(str(ALERT_AT))
    kept = await walk.phone.sees("On hand", " left", after=asked.id)
    found = re.search(r"(\d+) left", kept.text)  # what is promised to older orders is not
    assert found, kept.text
    for bought, words in ((int(found[1]) - 6, "6 left"), (1, ""), (3, "2 left"), (2, "Sold out:")):
        await walk.stage.seller.order(model["item_id"], model["model_id"], bought)
        await walk.phone.sees("Sold out:" if words == "Sold out:" else "Running out:", words, within_s=30)
    rung = await _rung(walk)
    assert len(rung) == 3, [one.text for one in rung]
    assert not [one for one in rung if one.is_silent], rung
    for one in rung:
        await walk.phone.sees_in(one, "Sold out:", within_s=30)  # each follows, without a sound
    await _count(walk, model, 60)
    for one in rung:
        await walk.phone.sees_in(one, "Refilled:", within_s=30)
    assert len(await _rung(walk)) == 3


async def quiet_hours(walk: Walk) -> None:
    """By the clock of this chat it is night: a cancellation comes silently, an instant order does not."""
    await _choose_zone(walk, NIGHT_HOUR)
    await _choose_quiet(walk, "22:00-07:00")
    assert (await _cancelled(walk)).is_silent
    line = {"item_id": walk.model["item_id"], "model_id": walk.model["model_id"], "quantity": 1}
    ordered = {"shop_id": HOME_SHOP, "courier": "GoSend Instant", "lines": [line]}
    placed = await walk.stage.seller.control("orders", ordered)
    instant = await walk.phone.sees("New order", placed["order_sn"][-5:], within_s=30)
    assert not instant.is_silent, instant
    await _choose_quiet(walk, "none")
    assert not (await _cancelled(walk)).is_silent


async def _count(walk: Walk, model: dict[str, Any], units: int) -> Message:
    """Say how many lie on the shelf, and wait until the shop shows it."""
    said = await walk.phone.say(f"/price {model['sku']}")
    card = await walk.phone.sees(model["sku"], after=said)
    await walk.phone.press(card, "^Set")
    said = await walk.phone.say(str(units))
    draft = await walk.phone.sees("Draft: on hand", after=said)
    await walk.phone.press(draft, "^Send")
    asked = await walk.phone.offers(draft, "^Yes,")  # so far from what the shop shows
    await walk.phone.press(asked, "^Yes,")
    return await walk.phone.sees_in(draft, "shown in 1 shop")


async def _rung(walk: Walk) -> list[Message]:
    """Return the messages about low stock."""
    words = ("Running out:", "Sold out:", "Refilled:")
    return [one for one in await walk.phone.messages() if one.is_bot and any(map(one.says, words))]


async def _choose_zone(walk: Walk, hour: int) -> None:
    """Choose a zone in which it is that hour now."""
    west = (datetime.now(UTC).hour - hour + 12) % 24 - 12
    said = await walk.phone.say("/settings")
    settings = await walk.phone.sees("", after=said)
    await walk.phone.press(settings, "^Time zone")
    zones = await walk.phone.offers(settings, "^Another")
    await walk.phone.press(zones, "^Another")
    said = await walk.phone.say(f"Etc/GMT{west:+d}")
    await walk.phone.sees("Etc/GMT", after=said)


async def _choose_quiet(walk: Walk, hours: str) -> None:
    said = await walk.phone.say("/alerts")
    alerts = await walk.phone.sees("Alerts here", after=said)
    await walk.phone.press(alerts, "^Quiet")
    nights = await walk.phone.offers(alerts, f"{hours}$")
    await walk.phone.press(nights, f"{hours}$")
    await walk.phone.sees_in(alerts, hours if hours != "none" else "No quiet hours")


async def _cancelled(walk: Walk) -> Message:
    """Have a buyer change his mind; return what the phone shows of it."""
    placed = await walk.stage.seller.order(int(walk.model["item_id"]), int(walk.model["model_id"]))
    number = placed["order_sn"]
    stored = "SELECT count(*) FROM sale_order WHERE external_id = ?"

    async def is_stored() -> bool:
        return bool(walk.stage.rows(stored, number)[0][0])

    await until(is_stored, "the order to come in")
    await walk.stage.seller.control(f"orders/{number}/cancel", {})
    return await walk.phone.sees("Order cancelled", number[-5:], within_s=30)


ALERT_STEPS = (
    ("low stock through its three levels, and refilled", low_stock),
    ("quiet hours: silent, but for who waits", quiet_hours),
)
