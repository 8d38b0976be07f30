"""`crash-orders`: what a person wants of an order has its effect once, wherever the process is killed on the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.actions import NO_EFFECT, ActionState
from domain.order_actions import ActionKind
from simulator.shopee.statuses import ORDER_STATUS
from storage.tables.order_actions import order_action
from tests.proofs.dying import hurry, is_killed, quiet
from tests.proofs.servers import open_server
from tests.proofs.trial import EDITED_SOON, Scene, Trial, open_scene
from tests.proofs.verdict import Verdict
from tests.stage import Message, until
from tests.stage.seller import HOME_SHOP

PRODUCTS = 8
PATIENT_S = 120.0
NOTE = "pack it twice"
OWN = ("button.press:", "order_action.", "dialogue.", "orders.record:")
"""What is passed because something is wanted of an order; what every message passes is proved elsewhere."""
ALWAYS = ("order_action.send:before", "order_action.send:after", "order_action.settle:before_commit")
OPEN = (ActionState.SENDING, ActionState.UNKNOWN)
LATEST = (
    "SELECT a.state, a.refusal FROM order_action a JOIN sale_order o ON o.id = a.order_id"
    " WHERE o.external_id = ? ORDER BY a.requested_at DESC"
)
STORED = "SELECT raw_status, seller_note FROM sale_order WHERE external_id = ?"


@dataclass(frozen=True, slots=True)
class Wish:
    """Its taps, the last of which sends it; its call, and what the card says when it is done."""

    taps: tuple[str, ...]
    call: str
    says: str
    is_asked: bool = False
    """Whether the buyer asked for a cancellation before."""
    typed: str = ""


WISHES: Mapping[ActionKind, Wish] = {
    ActionKind.CANCEL: Wish(
        ("^Cancel order", "^The buyer asked", "^Cancel …"), "cancel_order", "Cancelled by"
    ),
    ActionKind.ACCEPT: Wish(("^Accept: ",), "handle_buyer_cancellation", "Cancelled by", is_asked=True),
    ActionKind.REJECT: Wish(("^Reject…", "^Reject: "), "handle_buyer_cancellation", "to pack", is_asked=True),
    ActionKind.NOTE: Wish(("^Note…",), "set_note", NOTE, typed=NOTE),
}


async def crash_orders(trial: Trial) -> Verdict:
    """Killed at each failpoint of a cancellation, an answer to a buyer or a note: one effect, and the card tells the truth."""
    verdict = trial.verdict()
    async with open_server("wishes") as (url,):
        for database_url in ("", url):
            async with open_scene(
                trial, orders=0, products=PRODUCTS, database_url=database_url, STAGE_EDITS_S=EDITED_SOON
            ) as scene:
                counter = Counter(scene, verdict)
                for kind, points in (await _chosen(counter, trial, is_server=bool(database_url))).items():
                    for point in points:
                        verdict.trials += await counter.crash_once(kind, point)
    return verdict


async def _chosen(counter: "Counter", trial: Trial, *, is_server: bool) -> dict[ActionKind, list[str]]:
    """Return where each wish is to be killed: in the tests at what matters most, each by another wish."""
    if trial.is_release:
        points = {kind: await counter.learn(kind) for kind in WISHES}
        counter.verdict.numbers |= {f"failpoints_{kind}": len(each) for kind, each in points.items()}
        return points
    if is_server:
        return {ActionKind.CANCEL: list(ALWAYS[1:2])}
    kinds = (ActionKind.CANCEL, ActionKind.ACCEPT, ActionKind.NOTE)
    return {kind: [ALWAYS[1], point] for kind, point in zip(kinds, ALWAYS, strict=True)}


@dataclass
class Counter:
    """A shop, its buyers, and a person who wants something of each order."""

    scene: Scene
    verdict: Verdict

    async def learn(self, kind: ActionKind) -> list[str]:
        """Have one wish undisturbed, and note what is passed between the last tap and the end."""
        number, card = await self._lead(kind)
        self.scene.record()
        await self._ask(kind, card)
        await self._settled(number)
        await self._told(kind, number, card, "undisturbed")
        return [point for point in self.scene.recorded() if point.startswith(OWN)]

    async def crash_once(self, kind: ActionKind, point: str) -> int:
        """Be killed at one point of one wish, and judge it; return 0 when it did not come by there."""
        number, card = await self._lead(kind)
        await quiet(self.scene)
        await self.scene.crash_at(point)
        await self._ask(kind, card)
        if not await is_killed(self.scene):
            return 0
        where = f"{kind} at {point}"
        state, refusal = await self._settled(number)
        if refusal == NO_EFFECT:  # a person who is told so asks once more
            times = self._effects(number)
            self.verdict.check(times == 0, f"{where}: told that nothing came of it, and it did")
            card = await self._open(kind, number)
            await self._ask(kind, card)
            state, _ = await self._settled(number, wishes=2)
        self.verdict.check(state == ActionState.DONE, f"{where}: ended {state}")
        times, sent = self._effects(number), self._effects(number, is_sent_enough=True)
        self.verdict.check(times == 1, f"{where}: {times} effects")
        self.verdict.check(sent == 1, f"{where}: sent {sent} times")
        await self._told(kind, number, card, where)
        order = self.scene.stage.shopee.simulation.world.shops[HOME_SHOP].orders[number]
        truth, ours = (ORDER_STATUS[order.state], order.note), self.scene.rows(STORED, number)[0]
        self.verdict.check(ours == truth, f"{where}: our books say {ours}, it is {truth}")
        return 1

    async def _lead(self, kind: ActionKind) -> tuple[str, Message]:
        """Have a buyer order something (and think better of it), and go up to the tap that says what is wanted."""
        seller = self.scene.stage.seller
        model = await seller.sellable()
        number = str((await seller.order(model["item_id"], model["model_id"]))["order_sn"])
        if WISHES[kind].is_asked:
            await seller.control(f"orders/{number}/ask_cancel", {})
        wanted = "IN_CANCEL" if WISHES[kind].is_asked else "READY_TO_SHIP"

        async def is_stored() -> bool:
            return [row[0] for row in self.scene.rows(STORED, number)] == [wanted]

        await until(is_stored, f"order {number} in our books", within_s=PATIENT_S)
        return number, await self._open(kind, number)

    async def _open(self, kind: ActionKind, number: str) -> Message:
        phone = self.scene.phone
        card = await phone.sees(number, after=await phone.say(f"/order {number}"), within_s=PATIENT_S)
        *steps, last = WISHES[kind].taps
        for tap in steps:
            await phone.press(await phone.offers(card, tap, within_s=PATIENT_S), tap)
        card = await phone.offers(card, last, within_s=PATIENT_S)
        if WISHES[kind].typed:
            await phone.press(card, last)
        return card

    async def _ask(self, kind: ActionKind, card: Message) -> None:
        """Say at last what is wanted."""
        wish = WISHES[kind]
        if wish.typed:
            await self.scene.phone.say(wish.typed)
        else:
            await self.scene.phone.press(card, wish.taps[-1], wait_s=0.1)

    async def _settled(self, number: str, wishes: int = 1) -> tuple[str, str]:
        """Wait until the last of so many wishes is settled; its pauses between looks are cut short."""

        async def is_final() -> tuple[str, str] | None:
            found: list[tuple[Any, ...]] = self.scene.rows(LATEST, number)
            if len(found) == wishes and found[0][0] in {ActionState.DONE, ActionState.REFUSED}:
                return (str(found[0][0]), str(found[0][1]))
            await hurry(self.scene, order_action, "due_at", order_action.c.state, OPEN)
            return None

        return await until(is_final, f"a wish for {number} to settle", within_s=PATIENT_S, every_s=0.2)

    async def _told(self, kind: ActionKind, number: str, card: Message, where: str) -> None:
        """Look that the card says so; what was typed shows on the card that is opened next."""
        phone, wish = self.scene.phone, WISHES[kind]
        try:
            if wish.typed:
                opened = await phone.say(f"/order {number}")
                await phone.sees("Your note", wish.says, after=opened, within_s=PATIENT_S)
            else:
                await phone.sees_in(card, wish.says, within_s=PATIENT_S)
        except AssertionError as missing:
            self.verdict.check(holds=False, otherwise=f"{where}: {missing}")

    def _effects(self, number: str, *, is_sent_enough: bool = False) -> int:
        """Count the calls that changed this order at the platform, or only were to, whether or not they were answered."""
        calls = self.scene.stage.shopee.simulation.journal.since(0)
        names = {wish.call for wish in WISHES.values()}
        mine = [
            call
            for call in calls
            if call["path"].rpartition("/")[2] in names and call["body"]["order_sn"] == number
        ]
        return sum(is_sent_enough or (call["done"] is not None and not call["error"]) for call in mine)
