"""The steps of packing: a batch taken, its labels as one file, a label scanned, one called off, the hand-over."""

import re

from tests.stage import Message, Phone
from tests.stage.papers import numbers_on
from tests.tour.walk import Walk

STATE = (
    "SELECT packing.state FROM packing JOIN parcel ON parcel.id = packing.parcel_id"
    " WHERE parcel.tracking_number = ?"
)
ORDER = (
    "SELECT sale_order.external_id FROM sale_order JOIN packing ON packing.order_id = sale_order.id"
    " JOIN parcel ON parcel.id = packing.parcel_id WHERE parcel.tracking_number = ?"
)


async def take(walk: Walk) -> None:
    """A packer takes what is most urgent; how its courier gets it is asked once, and its labels come as one file."""
    packer = walk.crew["packer"]
    said = await packer.say("/pack")
    page = await packer.sees("to pack", after=said)
    taker = next(label for label in page.buttons if re.search(r"^Take (next )?\d+ (?!instant)", label))
    count = int(re.findall(r"\d+", taker)[0])
    await packer.press(page, f"^{re.escape(taker)}$")
    batch = await packer.offers(page, "^Pickup |^I bring ")
    choice = next(label for label in batch.buttons if label.startswith(("Pickup ", "I bring ")))
    await packer.press(batch, f"^{re.escape(choice)}$")
    paper = await packer.sees("Labels of B", after=said, within_s=60)
    walk.labels = await numbers_on(walk.stage, packer.chat_id, paper)
    assert len(walk.labels) == len(set(walk.labels)) == count, (taker, walk.labels)
    walk.report.figure("batch_parcels", count)


async def scan(walk: Walk) -> None:
    """A scanned label packs its parcel; scanned once more it packs nothing, and nobody else can pack it."""
    packer, number = walk.crew["packer"], walk.labels[0]
    batch = await _batch(walk, packer)
    await packer.say(number)
    await packer.sees_in(batch, f"Last: {number}")
    assert _state(walk, number) == "packed"
    said = await packer.say(number)
    await packer.sees("Already packed", number, after=said)
    for each in walk.labels[1:-1]:
        await packer.say(each)
    await packer.sees_in(batch, f"{len(walk.labels) - 1} of {len(walk.labels)} packed", within_s=60)


async def called_off(walk: Walk) -> None:
    """A buyer cancels what lies printed on the table: it rings, and is laid aside with a tap."""
    packer, number = walk.crew["packer"], walk.labels[-1]
    batch = await _batch(walk, packer)
    (order,) = walk.stage.rows(ORDER, number)[0]
    await walk.stage.seller.control(f"orders/{order}/cancel", {})
    rung = await packer.sees("Pull it out!", number, within_s=30)
    assert not rung.is_silent
    await packer.press(rung, "is out$")
    await packer.sees_in(batch, "✅")
    assert _state(walk, number) == "pulled"


async def hand_over(walk: Walk) -> None:
    """The courier gets what is packed, and not what was called off."""
    packer = walk.crew["packer"]
    said = await packer.say("/pack")
    page = await packer.sees("to pack", after=said)
    await packer.press(page, "^Hand over ")
    asked = await packer.offers(page, f"^Yes, the courier has {len(walk.labels) - 1}$")
    await packer.press(asked, "^Yes, ")
    await packer.offers(page, "^Refresh$")
    states = [_state(walk, number) for number in walk.labels]
    assert states == ["handed_over"] * (len(walk.labels) - 1) + ["pulled"], states


async def _batch(walk: Walk, packer: Phone) -> Message:
    return await packer.sees("Batch B")


def _state(walk: Walk, number: str) -> str:
    return str(walk.stage.rows(STATE, number)[0][0])


PACK_STEPS = (
    ("a batch is taken, its labels come as one file", take),
    ("a label is scanned", scan),
    ("one is cancelled after the print: it rings", called_off),
    ("the courier gets what is packed", hand_over),
)
