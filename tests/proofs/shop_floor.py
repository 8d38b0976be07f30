"""People who work on through trouble: they ask in the chat, give up when nothing comes, and ask again."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.proofs.trial import Scene
from tests.stage import Message, Phone

PATIENT_S = 6.0
TAKE = re.compile(r"^Take (next )?[\d,]+ ")
OPEN = re.compile(r"^B[\d,]+: ")
CHOICE = re.compile(r"^(Pickup |I bring )")


@dataclass
class Wishes:
    """What people asked for and stood by: nothing else may reach the shop."""

    prices: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """By model, the prices somebody approved."""
    counted: set[int] = field(default_factory=set)
    """The models whose count somebody sent."""
    cancelled: set[str] = field(default_factory=set)


class Worker:
    """One person with a phone, a few variants to look after, and no patience with a bot that is silent."""

    def __init__(self, scene: Scene, phone: Phone, models: list[dict[str, Any]], random: Random) -> None:
        self._scene = scene
        self._phone = phone
        self._models = models
        self._random = random
        self.wishes = Wishes()
        self.done = 0

    async def try_something(self, orders: list[str]) -> None:
        """Do one thing of a working day."""
        await self.try_to(
            self._random.choice(("priced", "counted", "arranged", "arranged", "cancelled")), orders
        )

    async def try_to(self, what: str, orders: list[str]) -> None:
        """Do what has such an effect; where nobody answers it is left where it is."""
        try:
            match what:
                case "priced":
                    await self._price()
                case "counted":
                    await self._count()
                case "arranged":
                    await self._pack()
                case _:
                    await self._cancel(orders)
            self.done += 1
        except AssertionError:
            return

    async def _price(self) -> None:
        """Ask for a price; approve it, or leave it lying, which must then reach no shop."""
        model = self._random.choice(self._models)
        price = int(float(model["price"])) - self._random.randrange(1, 900)
        said = await self._phone.say(f"/price {model['sku']} {price}")
        card = await self._phone.sees("🏷", f"{price:,}", after=said, within_s=PATIENT_S)
        if self._random.random() < 0.7 and any(label.startswith("Approve") for label in card.buttons):
            self.wishes.prices[model["model_id"]].add(price)
            await self._phone.press(card, "^Approve", wait_s=0)

    async def _count(self) -> None:
        model = self._random.choice(self._models)
        units = str(self._random.randrange(30_000, 60_000))
        card = await self._phone.sees("SKU", after=await self._phone.say(model["sku"]), within_s=PATIENT_S)
        await self._phone.press(card, "^Set…$", wait_s=1)
        await self._phone.sees_in(card, "How many", within_s=PATIENT_S)
        said = await self._phone.say(units)
        draft = await self._phone.sees("Draft", after=said, within_s=PATIENT_S)
        send = next((label for label in draft.buttons if label.startswith("Send")), "")
        if send:
            self.wishes.counted.add(model["model_id"])
            await self._phone.press(draft, f"^{re.escape(send)}$", wait_s=0)

    async def _pack(self) -> None:
        """Take a batch or open one, and say how it is to be handed over where that is asked."""
        page = await self._phone.sees("pack", after=await self._phone.say("/pack"), within_s=PATIENT_S)
        batches = [label for label in page.buttons if TAKE.match(label)]
        batches = batches or [label for label in page.buttons if OPEN.match(label)]
        assert batches, "nothing is to be packed"
        await self._phone.press(page, f"^{re.escape(self._random.choice(batches))}$", wait_s=1)
        await self._phone.sees_in(page, "Batch B", within_s=PATIENT_S)
        batch = await self._phone.offers(page, f"{CHOICE.pattern}|^Labels again", within_s=PATIENT_S)
        ways = [label for label in batch.buttons if CHOICE.match(label)]
        if ways:
            await self._phone.press(batch, f"^{re.escape(self._random.choice(ways))}$", wait_s=1)
        elif self._random.random() < 0.3:
            await self._scan(batch)

    async def _scan(self, batch: Message) -> None:
        """Pack by number what has one."""
        number = re.search(r"Batch B([\d,]+)", batch.text)
        rows = self._scene.rows(
            "SELECT p.tracking_number FROM packing k JOIN batch b ON b.id = k.batch_id JOIN parcel p"
            " ON p.id = k.parcel_id WHERE b.number = ? AND p.tracking_number <> ''",
            int(number[1].replace(",", "")) if number else 0,
        )
        for (printed,) in rows[:5]:
            await self._phone.say(str(printed))

    async def _cancel(self, orders: list[str]) -> None:
        if not orders:
            return
        number = self._random.choice(orders)
        said = await self._phone.say(f"/order {number}")
        card = await self._phone.sees(number, after=said, within_s=PATIENT_S)
        if not any(label.startswith("Cancel order") for label in card.buttons):
            return
        await self._phone.press(card, "^Cancel order", wait_s=1)
        await self._phone.press(
            await self._phone.offers(card, "^The buyer asked", within_s=PATIENT_S),
            "^The buyer asked",
            wait_s=1,
        )
        sure = await self._phone.offers(card, "^Cancel …", within_s=PATIENT_S)
        self.wishes.cancelled.add(number)
        await self._phone.press(sure, "^Cancel …", wait_s=0)
