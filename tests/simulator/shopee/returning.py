"""Returning for the tests of returns: an order that came back, and a picture for it."""

from tests.simulator.shopee.parcels import bought
from tests.simulator.shopee.wire import HOME, Json, Wire

PICTURE = ("upload_image", ("a.png", b"\x89PNG\r\n\x1a\n", "image/png"))


async def returned(wire: Wire) -> str:
    """Have a buyer order, get and send something back; return the return's number."""
    order_sn = await bought(wire)
    for step in ("arrange", "pickup", "deliver", "return"):
        await wire.control(f"orders/{order_sn}/{step}")
    found = (await wire.world())["returns"]
    return str(next(each["return_sn"] for each in found if each["order_sn"] == order_sn))


async def picture_of(wire: Wire, number: str) -> Json:
    """Hand a picture over for a return."""
    answer = await wire.http.post(
        "/api/v2/returns/convert_image",
        params=wire.common("returns/convert_image", shop=HOME),
        data={"return_sn": number},
        files=[PICTURE],
    )
    told: Json = answer.json()
    return told
