"""A poll with nothing around it: raw aiohttp, msgspec for the fields one needs, versions in a dictionary."""

import aiohttp
import msgspec

from bench.baselines.signing import PATH, signed


class Line(msgspec.Struct):
    item_id: int
    model_id: int
    item_name: str
    model_name: str
    model_sku: str
    model_quantity_purchased: int
    model_discounted_price: float


class Address(msgspec.Struct):
    name: str
    city: str


class Order(msgspec.Struct):
    order_sn: str
    order_status: str
    create_time: int
    update_time: int
    pay_time: int
    ship_by_date: int
    total_amount: float
    currency: str
    shipping_carrier: str
    recipient_address: Address
    item_list: list[Line]


class Batch(msgspec.Struct):
    order_list: list[Order]


class Answer(msgspec.Struct):
    error: str
    response: Batch


class AiohttpPoll:
    """Polls shops and stores nothing."""

    def __init__(self, session: aiohttp.ClientSession, numbers: str, *, partner_id: str, key: str) -> None:
        self._session = session
        self._numbers = numbers
        self._sign_with = {"partner_id": partner_id, "key": key}
        self._known: dict[tuple[str, str], int] = {}
        self._decoder = msgspec.json.Decoder(Answer)

    async def poll(self, shop_id: str) -> int:
        asked = signed(shop_id, self._numbers, **self._sign_with)
        async with self._session.get(PATH, params=asked) as answer:
            orders = self._decoder.decode(await answer.read()).response.order_list
        changed = [
            order for order in orders if order.update_time > self._known.get((shop_id, order.order_sn), 0)
        ]
        self._known.update({(shop_id, order.order_sn): order.update_time for order in changed})
        return len(changed)
