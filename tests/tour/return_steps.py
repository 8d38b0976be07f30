"""The step of a return: packed with a photo, sent back by its buyer, disputed with that photo."""

from tests.stage import Message
from tests.stage.pictures import picture
from tests.tour.walk import Walk

ORDER = (
    "SELECT sale_order.external_id FROM sale_order JOIN packing ON packing.order_id = sale_order.id"
    " JOIN parcel ON parcel.id = packing.parcel_id WHERE parcel.tracking_number = ?"
)
OBJECTS = "SELLER_DISPUTE"


async def disputed(walk: Walk) -> None:
    """A packer keeps a photo of what he packed last; its buyer asks to send it back, and the photo speaks for us."""
    packer, owner = walk.crew["packer"], walk.phone
    said = await packer.send_photo(picture(side=320))
    kept = await packer.sees("Photo kept with", after=said)
    number = next(each for each in walk.labels if each in kept.text)
    (order,) = walk.stage.rows(ORDER, number)[0]
    back = await walk.stage.seller.send_back(order, "pickup", "deliver")
    rung = await owner.sees("🔔 New return", f"…{order[-5:]}", within_s=60)
    assert not rung.is_silent
    await owner.press(rung, "^Open$")
    card = await owner.sees_in(rung, "Return asked", "Packed by", "photo kept")
    asked = await _objects(walk, card)
    assert not await walk.stage.seller.calls("/returns/dispute"), "sent before it was confirmed"
    await owner.press(asked, "^Yes, dispute")
    await owner.sees_in(asked, "Return disputed", within_s=60)
    shown = next(each for each in await walk.stage.seller.returns() if each["return_sn"] == back["return_sn"])
    assert (shown["status"], len(shown["evidence"])) == (OBJECTS, 1), shown
    assert len(await walk.stage.seller.calls("/returns/dispute")) == 1


async def _objects(walk: Walk, card: Message) -> Message:
    """Go from the card to the question before the dispute leaves; return the message that asks it."""
    owner = walk.phone
    await owner.press(card, "^Dispute")
    await owner.press(await owner.offers(card, "in order when it was"), "in order when it was")
    await owner.press(await owner.offers(card, "^Use the photo"), "^Use the photo")
    await owner.press(await owner.offers(card, "^Go on$"), "^Go on$")
    await owner.sees_in(card, "Type an e-mail address")
    said = await owner.say("sari@shop.example")
    return await owner.sees("1 photo goes along", "From then on Shopee decides", after=said)


RETURN_STEPS = (("a buyer sends something back, and it is disputed with the photo from packing", disputed),)
