"""A packing table: a shop with orders to pack, people with batches, and what the clock and the queue do for them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from domain.chats import Visitor
from domain.orders import OrderSnapshot, OrderStatus, ParcelLine, ParcelState
from domain.parcels import STOP_WITHIN, Packing, PackState
from domain.people import Role
from domain.queue import Task
from domain.shops import Shop
from domain.tickets import Action
from services import Services
from services.batches import Scan, lane_key
from services.packing import BatchCard, WorkList
from services.parcel_buttons import hand_over_version
from services.views import Pressed
from storage.database import Connection
from storage.repositories.packings import Packings
from tests.factories import order_line, order_snapshot, parcel
from tests.integration.services.house import MESSAGE, House

JT = "J&T Express"
SECOND = timedelta(seconds=1)


class Table:
    def __init__(self, house: House, shop: Shop) -> None:
        self.house = house
        self.shop = shop
        self.placed = 0

    @classmethod
    async def lay(cls, house: House) -> "Table":
        shop, _ = await house.stocked()
        return cls(house, shop)

    @property
    def truth(self) -> Mapping[str, OrderSnapshot]:
        return self.house.bazaar.shops[self.shop.external_id].orders

    async def place(
        self,
        count: int,
        *,
        courier: str = JT,
        courier_id: str = "",
        sku: str = "LAMP-12W",
        units: int = 1,
        **facts: Any,
    ) -> list[str]:
        """Have buyers buy, each one parcel of one SKU; return the numbers of the orders."""
        numbers = []
        for _ in range(count):
            self.placed += 1
            number = f"26PACK{self.placed:05d}"
            held = (ParcelLine("900001", "0", units),)
            box = parcel(
                f"OFG{self.placed:05d}", courier=courier, lines=held, state=ParcelState.TO_ARRANGE,
                courier_id=courier_id or courier[:3], is_instant="Instant" in courier, raw_status="READY",
            )  # fmt: skip
            seen = order_snapshot(
                number, lines=(order_line(units, sku=sku),), parcels=(box,), courier=courier,
                updated_at=self.house.clock(), **facts,
            )  # fmt: skip
            self.house.bazaar.shops[self.shop.external_id].place(seen)
            numbers.append(number)
        await self.house.services.sync.fetch_orders(self.shop, numbers)
        return numbers

    async def cancel(self, number: str, status: OrderStatus = OrderStatus.CANCELLED) -> None:
        """Have the buyer cancel, and hear of it."""
        await self.say(number, status=status, raw_status=status.upper())

    async def say(self, number: str, **facts: Any) -> None:
        """Have the platform say something else of an order, and hear of it."""
        self.house.clock.advance(SECOND)
        seen = replace(self.truth[number], updated_at=self.house.clock(), **facts)
        said = replace(seen, digest=f"{number}:{self.house.clock().timestamp()}:{facts.get('status')}")
        self.house.bazaar.shops[self.shop.external_id].place(said)
        await self.house.services.sync.fetch_orders(self.shop, [number])

    async def work(self, visitor: Visitor | None = None) -> WorkList:
        return await self.house.services.packing.work(visitor or self.house.owner)

    async def take(self, visitor: Visitor, courier: str = JT, *, services: Services | None = None) -> str:
        """Take the next parcels of a courier; return the batch."""
        used = services or self.house.services
        work = await used.packing.work(visitor)
        pressed = await self.press(visitor, Action.TAKE_BATCH, lane_key(courier), work.next_number, used)
        return pressed.object_id

    async def press(
        self,
        visitor: Visitor,
        action: Action,
        about: str,
        version: int = 0,
        services: Services | None = None,
    ) -> Pressed:
        used = services or self.house.services
        data = await used.buttons.token(visitor.view.id, action, about, version, Role.PACKER)
        return await used.buttons.press(visitor, data, MESSAGE)

    async def choose(self, visitor: Visitor, batch_id: str, at: int = 0) -> None:
        """Answer how the courier gets the parcels, by one of the options offered."""
        question = (await self.card(batch_id)).questions[0]
        option = question.options[at]
        await self.press(visitor, Action.CHOOSE_WAY, question.key_of(option), question.version)

    async def hand_over(self, visitor: Visitor, courier: str = JT) -> None:
        lane = next(each for each in (await self.work(visitor)).lanes if each.courier == courier)
        version = hand_over_version(lane.packed, self.house.clock())
        await self.press(visitor, Action.HAND_OVER, lane.key, version)

    async def arrange(self, rounds: int = 1) -> None:
        """Let what is due be done, as the sweep and the queue do it, before and after the time for a Stop."""
        for _ in range(rounds):
            await self.sweep()
            self.house.clock.advance(STOP_WITHIN + SECOND)
            await self.sweep()

    async def sweep(self) -> None:
        """Do what is due at this moment."""
        services = self.house.services
        for shop_id in await services.shipping.due():
            await services.shipping.arrange(shop_id)
        self.house.queue.take(Task.PREPARE_LABELS)
        for seller_id, batch_id in await services.labels.due():
            await services.labels.prepare(seller_id, batch_id)

    async def printed(self, visitor: Visitor, batch_id: str) -> list[str]:
        """Arrange a batch and have its labels printed; return the numbers on them, in order."""
        await self.arrange()
        if (await self.card(batch_id)).questions:
            await self.choose(visitor, batch_id)
            await self.arrange(2)
        prints = (await self.card(batch_id)).batch.prints
        await self.house.services.labels.fetch(
            visitor.seller_id, {"batch_id": batch_id, "prints": str(prints)}
        )
        return [each.number for each in (await self.card(batch_id)).parcels]

    async def card(self, batch_id: str) -> BatchCard:
        return await self.house.services.packing.batch(self.house.owner.seller_id, batch_id)

    async def scan(self, visitor: Visitor, number: str) -> Scan | None:
        return await self.house.services.packing.scan(visitor, number)

    async def parcel(self, order_number: str) -> Packing:
        def work(conn: Connection) -> Packing:
            [found] = Packings(conn, self.house.owner.seller_id).named(order_number)
            return found

        return await self.house.database.read(work)

    async def state(self, order_number: str) -> PackState:
        return (await self.parcel(order_number)).state
