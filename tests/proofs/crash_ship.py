"""`crash-ship`: a batch is arranged, numbered and printed once, wherever the process is killed on the way."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from domain.batches import LabelStep
from domain.parcels import PackState, ShipStep
from storage.tables.parcels import packing
from tests.proofs.dying import hurry, is_killed, quiet
from tests.proofs.servers import open_server
from tests.proofs.shop_floor import CHOICE, TAKE
from tests.proofs.trial import EDITED_SOON, Scene, Trial, open_scene
from tests.proofs.verdict import Verdict
from tests.stage import Message, until
from tests.stage.seller import HOME_SHOP

PRODUCTS = 8
PARCELS = 2
PATIENT_S = 90.0
COURIER = "SPX Standard"
OWN = ("button.press:", "pack.", "batch", "ship.", "labels.")
"""What is passed because a batch is taken; what every message and every reading passes is proved elsewhere."""
ALWAYS = ("ship.send:before", "ship.send:after", "ship.settle:before_commit", "labels.fetch:after")
NO_NEWS = {"kind": "push_lost", "probability": 1.0}
"""Nobody tells the process that comes after how far the one before it had come: it has to look."""
OPEN = (ShipStep.SENDING, ShipStep.UNKNOWN)
TAKEN = (
    "SELECT p.external_id, k.state, p.tracking_number, k.printed, b.labels, b.number FROM packing k"
    " JOIN parcel p ON p.id = k.parcel_id JOIN sale_order o ON o.id = k.order_id"
    " LEFT JOIN batch b ON b.id = k.batch_id WHERE o.external_id IN (?, ?)"
)


@dataclass(frozen=True, slots=True)
class Parcel:
    number: str
    state: str
    tracking: str
    printed: int
    labels: str | None
    batch: int | None

    @property
    def is_out(self) -> bool:
        return self.state == PackState.PRINTED and bool(self.tracking) and self.labels == LabelStep.SENT


async def crash_ship(trial: Trial) -> Verdict:
    """Killed at each failpoint between a batch and its labels: each parcel arranged once, each label printed once."""
    verdict = trial.verdict()
    async with open_server("parcels") as (url,):
        for database_url in ("", url):
            async with open_scene(
                trial, orders=0, products=PRODUCTS, database_url=database_url, STAGE_EDITS_S=EDITED_SOON
            ) as scene:
                table = Table(scene, verdict)
                await table.choose()
                for point in await _chosen(table, trial, is_server=bool(database_url)):
                    verdict.trials += await table.crash_once(point)
    return verdict


async def _chosen(table: "Table", trial: Trial, *, is_server: bool) -> Sequence[str]:
    """Return where it is to be killed: in the tests at what matters most."""
    if trial.is_release:
        points = await table.learn()
        table.verdict.numbers["failpoints"] = len(points)
        return points * 2
    return ALWAYS[1:2] if is_server else ALWAYS


@dataclass
class Table:
    """A packing table at which one person takes batch after batch."""

    scene: Scene
    verdict: Verdict

    async def choose(self) -> None:
        """Pack a first batch and say how it is handed over: from now on the way is known."""
        orders, page = await self._lead()
        await self._take(page)
        batch = await self.scene.phone.offers(page, CHOICE.pattern, within_s=PATIENT_S)
        way = next(label for label in batch.buttons if CHOICE.match(label))
        await self.scene.phone.press(batch, f"^{re.escape(way)}$")
        await self._out(orders)

    async def learn(self) -> list[str]:
        """Have a batch undisturbed, and note what is passed until its labels are in the chat."""
        orders, page = await self._lead()
        self.scene.record()
        await self._take(page)
        await self._out(orders)
        points = [point for point in self.scene.recorded() if point.startswith(OWN)]
        await self._judge(orders, "undisturbed")
        return points

    async def crash_once(self, point: str) -> int:
        """Be killed at one point of one batch, and judge it; return 0 when it did not come by there."""
        orders, page = await self._lead()
        control = self.scene.stage.seller.control
        await control("faults", NO_NEWS)
        await self.scene.crash_at(point)
        await self._take(page)
        if died := await is_killed(self.scene, self._hurry, before=self._no_second_thoughts):
            await self._judge(orders, point)
        await control("faults/clear", {})
        return int(died)

    async def _lead(self) -> tuple[list[str], Message]:
        """Have buyers order something, and go up to the tap that takes it; return the orders and the list."""
        seller = self.scene.stage.seller
        model = await seller.sellable()
        line = {"item_id": model["item_id"], "model_id": model["model_id"], "quantity": 1}
        order = {"shop_id": HOME_SHOP, "lines": [line], "courier": COURIER}
        orders = [str((await seller.control("orders", order))["order_sn"]) for _ in range(PARCELS)]

        async def are_here() -> bool:
            return len(self._parcels(orders)) == PARCELS

        await until(are_here, "the parcels in our books", within_s=PATIENT_S)
        await quiet(self.scene)
        phone = self.scene.phone
        page = await phone.sees("to pack", after=await phone.say("/pack"), within_s=PATIENT_S)
        page = await phone.offers(page, TAKE.pattern, within_s=PATIENT_S)
        await quiet(self.scene)
        return orders, page

    async def _take(self, page: Message) -> None:
        await self.scene.phone.press(page, TAKE.pattern, wait_s=0.1)

    async def _out(self, orders: Sequence[str]) -> list[Parcel]:
        """Wait until the labels are sent, or until it went wrong; the pauses before looks are cut short."""

        async def are_out() -> bool:
            parcels, asked = self._parcels(orders), self._calls()[0]
            if all(each.is_out for each in parcels) or any(asked[each.number] > 1 for each in parcels):
                return True
            await self._no_second_thoughts()
            await self._hurry()
            return False

        await until(are_out, "the labels", within_s=PATIENT_S, every_s=0.2)
        await quiet(self.scene)
        return self._parcels(orders)

    async def _no_second_thoughts(self) -> None:
        """End the seconds in which who took a batch may stop it."""
        await hurry(self.scene, packing, "due_at", packing.c.step, [ShipStep.ASKED])

    async def _hurry(self) -> None:
        await hurry(self.scene, packing, "due_at", packing.c.step, OPEN)

    async def _judge(self, orders: Sequence[str], point: str) -> None:
        try:
            parcels = await self._out(orders)
        except AssertionError:
            self.verdict.check(False, f"{point}: ended with {self._parcels(orders)}")
            return
        asked, arranged = self._calls()
        for each in parcels:
            for what, times in (("asked for", asked[each.number]), ("arranged", arranged[each.number])):
                self.verdict.check(times == 1, f"{point}: {each.number} was {what} {times} times")
            self.verdict.check(each.printed == 1, f"{point}: {each.number} was printed {each.printed} times")
        batches = {each.batch for each in parcels}
        self.verdict.check(len(batches) == 1, f"{point}: the parcels are in the batches {batches}")
        papers = [
            one
            for one in await self.scene.phone.messages()
            if any(one.says(f"Labels of B{batch} ") for batch in batches)
        ]
        self.verdict.check(len(papers) == 1, f"{point}: the labels came {len(papers)} times")

    def _parcels(self, orders: Sequence[str]) -> list[Parcel]:
        return [Parcel(*row) for row in self.scene.rows(TAKEN, *orders)]

    def _calls(self) -> tuple[Counter[str], Counter[str]]:
        """Count how often each parcel was to be arranged, and how often that had its effect."""
        asked, arranged = Counter[str](), Counter[str]()
        for call in self.scene.stage.shopee.simulation.journal.since(0):
            if call["path"].endswith("ship_order") and call["body"]:
                rows = call["body"].get("package_list", [call["body"]])
                numbers = [str(row["package_number"]) for row in rows]
                asked.update(numbers)
                if call["done"] is not None and not call["error"]:
                    arranged.update(numbers)
        return asked, arranged
