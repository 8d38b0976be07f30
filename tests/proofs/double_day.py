"""`double-day`: three people pack a day's rush through the chat alone, within Telegram's real limits.

No parcel is packed twice, none that was called off is handed over, labels come within a minute, and afterwards
the platform and our books agree.
"""

import asyncio
import io
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from pypdf import PdfReader

from simulator.shopee.calls.packages import PREFIX
from simulator.world.double_day import DoubleDay
from simulator.world.orders import Order, OrderState
from tests.proofs.trial import Scene, Trial, open_scene
from tests.proofs.verdict import Verdict
from tests.stage import Message, Phone, until
from tests.stage.crew import bring_in
from tests.stage.seller import HOME_SHOP

NAMES = ("Budi", "Citra", "Dewi")
LABELS_WITHIN_S = 60.0
SOUNDS = 20
TAPS, CALLS = 0.2, 0.3
TAPS_CI, CALLS_CI = 0.35, 0.6
"""What is done once a courier and a batch weighs more in a short day, and a slow machine makes batches small."""
NUMBER = re.compile(r"^(?:JX|SPXID0|JNE0|EH|GK-11-)\d{10}$", re.MULTILINE)
ENOUGH = 40
"""So many parcels have to wait before another batch is worth a tap, unless the day is over."""
TAKE = r"^Take \d+ instant$|^Take next \d+ |^Take \d+ "
CHOICE = r"^Pickup |^I bring "
LONGEST_S = 900.0
FREE = (
    "SELECT count(*), is_instant FROM packing WHERE batch_id IS NULL "
    "AND state IN ('to_arrange', 'arranged', 'printed') AND step <> 'refused' GROUP BY courier, is_instant"
)
IN_BATCH = "SELECT p.external_id FROM packing k JOIN parcel p ON p.id = k.parcel_id JOIN batch b ON b.id = k.batch_id WHERE b.number = {}"
PARCELS = "SELECT p.external_id, k.state FROM packing k JOIN parcel p ON p.id = k.parcel_id"


@dataclass
class Packer:
    """One person with a phone, who takes, reads what the printer prints, and scans it."""

    scene: Scene
    phone: Phone
    verdict: Verdict
    printed: Counter[str]
    """How often each label came out of the printer they share."""
    claimed: dict[str, str]
    """In whose batch each parcel was first."""
    taps: int = 0
    took_s: list[float] = field(default_factory=list)
    since: int = 0
    _read: set[int] = field(default_factory=set)

    async def begin(self) -> None:
        """Silence what every cancellation would ring: what lies printed on the table rings all the same."""
        said = await self.phone.say("/alerts")
        alerts = await self.phone.offers(await self.phone.sees("Alerts here", after=said), "^Cancellations")
        await self.press(alerts, "^Cancellations")
        self.since = max(one.id for one in await self.phone.messages())

    async def press(self, message: Message, pattern: str) -> str:
        """Press a button; return what the phone says to it for a moment."""
        self.taps += 1
        return str((await self.phone.press(message, pattern, wait_s=60)).get("text") or "")

    async def work(self, is_over: Callable[[], bool]) -> None:
        """Take batch after batch until the day is over and nothing is left to take."""
        said = await self.phone.say("/pack")
        page = await self.phone.sees("pack", after=said, within_s=60)
        while await self._worth_it(is_over):
            taker = self._taker(page)
            if not taker:
                page = await self._fresh(page)
                taker = self._taker(page, at_least=1)
            if taker:
                page = await self._back(page) if await self._batch(page, taker) else await self._fresh(page)

    async def _fresh(self, page: Message) -> Message:
        await self.press(page, "^Refresh$")
        return await self._turned(page, lambda one: "Refresh" in one.buttons)

    def _taker(self, page: Message, at_least: int = ENOUGH) -> str:
        """Return the button that takes the most: instant parcels first."""
        takers = {
            label: int(re.findall(r"\d+", label)[0]) for label in page.buttons if re.search(TAKE, label)
        }
        fit = [label for label, count in takers.items() if count >= at_least or "instant" in label]
        return max(fit, key=lambda label: ("instant" in label, takers[label]), default="")

    async def _worth_it(self, is_over: Callable[[], bool]) -> bool:
        """Look at the heap: enough to pack, something instant, or the last of the day. False: all is done."""

        async def look() -> tuple[bool] | None:
            lanes = self.scene.rows(FREE)
            if any(count >= ENOUGH or is_instant or is_over() for count, is_instant in lanes):
                return (True,)
            return (False,) if is_over() else None

        return (await until(look, "something to pack", within_s=LONGEST_S))[0]

    async def _batch(self, page: Message, taker: str) -> bool:
        """Take a batch, print and scan it; False when somebody else was quicker."""
        began = time.monotonic()
        newest = max(one.id for one in await self.phone.messages())
        if "quicker" in await self.press(page, f"^{re.escape(taker)}$"):
            return False
        batch = await self._taken(page, newest)
        if batch is None:
            return False
        number = re.search(r"Batch B([\d,]+)", batch.text)
        assert number
        self._claim(number[1])
        while not (papers := await self._papers(number[1])):
            shown = await self._now(batch)
            if choice := next((label for label in shown.buttons if re.search(CHOICE, label)), ""):
                await self.press(shown, f"^{re.escape(choice)}$")
            if shown.text.startswith("✅"):
                return True  # all of it was cancelled
            await self._moved(shown)
        self.took_s.append(time.monotonic() - began)
        for paper in papers:
            await self._scan(paper)
        await self.phone.sees_in(batch, "✅", within_s=180)
        return True

    def _claim(self, number: str) -> None:
        """Look that nothing in a new batch lies in somebody's batch already; nobody gives anything back here."""
        for (parcel,) in self.scene.rows(IN_BATCH.format(int(number.replace(",", "")))):
            holder = self.claimed.setdefault(parcel, number)
            self.verdict.check(holder == number, f"{parcel} is in B{holder} and in B{number}")

    async def _taken(self, page: Message, newest: int) -> Message | None:
        """Wait for the batch, or for the word that somebody was quicker, which comes as a message when it is late."""

        async def look() -> tuple[Message | None] | None:
            shown = await self._now(page)
            if "Batch B" in shown.text.partition("\n")[0]:
                return (shown,)
            told = any(one.says("quicker") for one in await self.phone.messages(newest))
            return (None,) if told else None

        return (await until(look, "a batch", within_s=180))[0]

    async def _papers(self, number: str) -> list[Message]:
        """Return the label files of a batch that came and were not read yet."""
        told = [one for one in await self.phone.messages(self.since) if one.says(f"Labels of B{number} ")]
        return [one for one in told if one.id not in self._read]

    async def _scan(self, paper: Message) -> None:
        """Pack what was printed, page by page; what rings meanwhile is laid aside."""
        self._read.add(paper.id)
        chat = self.scene.stage.telegram.engine.world.chats[self.phone.chat_id]
        file = chat.messages[paper.id].content.file
        assert file is not None
        pages = await asyncio.to_thread(
            lambda: [one.extract_text() for one in PdfReader(io.BytesIO(file.content)).pages]
        )
        for page in pages:
            found = NUMBER.search(page)
            assert found, page
            self.printed[found[0]] += 1
            self.verdict.check(self.printed[found[0]] == 1, f"{found[0]} was printed again")
            await self._pull_out()
            await self.phone.say(found[0])
        await self._pull_out()

    async def _pull_out(self) -> None:
        """Lay aside what a message says must not leave."""
        rung = [one for one in await self.phone.messages(self.since) if "Pull it out!" in one.text]
        for one in [one for one in rung if one.id not in self._read]:
            self._read.add(one.id)
            for label in [label for label in one.buttons if label.endswith("is out")]:
                await self.press(one, f"^{re.escape(label)}$")

    async def hand_over(self) -> None:
        """Hand everything that is packed over, courier by courier."""
        said = await self.phone.say("/pack")
        page = await self.phone.sees("pack", after=said, within_s=60)
        while hands := [label for label in page.buttons if label.startswith("Hand over")]:
            await self.press(page, f"^{re.escape(hands[0])}$")
            asked = await self._turned(
                page, lambda one: any(label.startswith("Yes, ") for label in one.buttons)
            )
            await self.press(asked, "^Yes, ")
            page = await self._turned(page, lambda one: "Refresh" in one.buttons)

    async def _back(self, page: Message) -> Message:
        shown = await self._now(page)
        if "Back" in shown.buttons:
            await self.press(shown, "^Back$")
        return await self._turned(page, lambda one: "Refresh" in one.buttons)

    async def _now(self, message: Message) -> Message:
        return next(one for one in await self.phone.messages() if one.id == message.id)

    async def _moved(self, message: Message) -> None:
        """Wait until a message changes or another one comes."""
        newest = max(one.id for one in await self.phone.messages())

        async def look() -> bool:
            shown = await self.phone.messages()
            same = next(one for one in shown if one.id == message.id)
            return (same.text, same.buttons) != (message.text, message.buttons) or shown[-1].id > newest

        await until(look, "news of a batch", within_s=180)

    async def _turned(self, message: Message, is_it: Callable[[Message], bool]) -> Message:
        async def look() -> Message | None:
            shown = await self._now(message)
            return shown if is_it(shown) else None

        return await until(look, "the next screen", within_s=180)

    async def sounds(self) -> int:
        return sum(one.is_bot and not one.is_silent for one in await self.phone.messages(self.since))


async def double_day(trial: Trial) -> Verdict:
    """Three people pack a double-day; the platform and our books agree afterwards."""
    verdict = trial.verdict()
    count, printed, claimed = trial.size(200, 800), Counter[str](), dict[str, str]()
    async with open_scene(trial, TELEGRAM_CHAT_RPS="0.95", TELEGRAM_RPS="25") as scene:
        people = [await bring_in(scene.stage, scene.phone, name, "packer") for name in NAMES]
        packers = [Packer(scene, each, verdict, printed, claimed) for each in people]
        for each in packers:
            await each.begin()
        await scene.stage.phones.post("/client/faults", json={"kind": "real_limits", "on": True})
        calls_before = _last_call(scene)
        began = time.monotonic()
        day = {"shop_id": HOME_SHOP, "orders": count, "lasts_s": trial.size(8, 240), "seed": trial.seed}
        await scene.stage.seller.control("double-day", day)
        played = scene.stage.shopee.simulation.double_days[HOME_SHOP]
        try:
            async with asyncio.TaskGroup() as table:
                for each in packers:
                    table.create_task(each.work(lambda: _is_out(scene, played)))
            await packers[0].hand_over()
            await _quiet(scene)
        except* AssertionError as vain:
            if trial.one_will_do:
                raise  # whoever waits in vain has noticed nothing of what is looked for
            verdict.check(False, str(vain.exceptions[0]))
        verdict.numbers["took_s"] = round(time.monotonic() - began)
        _judge_parcels(scene, printed, verdict)
        await _judge_work(scene, packers, calls_before, verdict, is_release=trial.is_release)
        await _judge_books(scene, verdict)
        verdict.trials = count
    return verdict


def _is_out(scene: Scene, day: DoubleDay) -> bool:
    """Tell whether no buyer comes any more, and all that is to be packed is in our books."""
    came = day.played["placed"] + day.played["found_nothing"]
    open_orders = {OrderState.UNPAID, OrderState.HELD}
    if came < len(day.plan.purchases) or any(one.order.state in open_orders for one in day.placed):
        return False
    known = {row[0] for row in scene.rows(PARCELS)}
    to_ship = [one.order for one in day.placed if one.order.state is OrderState.TO_SHIP]
    return all(PREFIX + parcel.number in known for order in to_ship for parcel in order.parcels)


def _orders(scene: Scene) -> list[Order]:
    return list(scene.stage.shopee.simulation.world.shops[HOME_SHOP].orders.values())


def _last_call(scene: Scene) -> int:
    return max((call["id"] for call in scene.stage.shopee.simulation.journal.since(0)), default=0)


async def _quiet(scene: Scene) -> None:
    async def is_quiet() -> bool:
        return bool(
            scene.rows("SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')")[0][0] == 0
        )

    await until(is_quiet, "everything to be told", within_s=120)


def _judge_parcels(scene: Scene, printed: Counter[str], verdict: Verdict) -> None:
    """No parcel arranged twice, nothing called off in the courier's hands, nothing left lying."""
    states = dict(scene.rows(PARCELS))
    packed = 0
    for order in _orders(scene):
        for parcel in order.parcels:
            ours = states.get(PREFIX + parcel.number)
            verdict.check(parcel.prints <= 1, f"parcel {parcel.number} was printed {parcel.prints} times")
            if order.state is OrderState.CANCELLED:
                verdict.check(ours != "handed_over", f"{order.order_sn} is cancelled and was handed over")
            if order.state is OrderState.ARRANGED and ours is not None:
                verdict.check(ours == "handed_over", f"{parcel.number} lies there, {ours}")
                packed += ours == "handed_over"
            if order.state is OrderState.TO_SHIP and ours is not None:
                verdict.check(False, f"{parcel.number} was never arranged: {ours}")
    arranged = Counter(
        row["package_number"]
        for call in scene.stage.shopee.simulation.journal.since(0)
        if call["path"].endswith("ship_order") and isinstance(call["body"], dict)
        for row in call["body"].get("package_list", [call["body"]])
        if "package_number" in row
    )
    twice = [number for number, times in arranged.items() if times > 1]
    verdict.check(not twice, f"{len(twice)} parcels were sent to be arranged twice")
    verdict.numbers |= {"parcels": packed, "labels": len(printed)}


async def _judge_work(
    scene: Scene, packers: list[Packer], calls_before: int, verdict: Verdict, *, is_release: bool
) -> None:
    """Few taps, few calls, few sounds, labels within a minute (of a long day), and no answer 429."""
    parcels = max(1, verdict.numbers["parcels"])
    paths = Counter(
        call["path"].rpartition("/")[2] for call in scene.stage.shopee.simulation.journal.since(calls_before)
    )
    shipping = sum(
        count for path, count in paths.items() if "ship" in path or "tracking" in path or "document" in path
    )
    taps = sum(each.taps for each in packers)
    slowest = max((took for each in packers for took in each.took_s), default=0.0)
    sounds = [await each.sounds() for each in packers]
    refused = [call for call in scene.stage.telegram.engine.calls.calls(0) if call.error_code == 429]
    verdict.numbers |= {
        "taps": taps, "taps_a_parcel": round(taps / parcels, 3), "shipping_calls": shipping,
        "calls_a_parcel": round(shipping / parcels, 3), "all_calls": sum(paths.values()),
        "labels_slowest_s": round(slowest, 1), "most_sounds": max(sounds), "answers_429": len(refused),
    }  # fmt: skip
    most_taps, most_calls = (TAPS, CALLS) if is_release else (TAPS_CI, CALLS_CI)
    verdict.check(taps / parcels <= most_taps, f"{taps} taps for {parcels} parcels")
    verdict.check(shipping / parcels <= most_calls, f"{shipping} calls for {parcels} parcels")
    verdict.check(not is_release or slowest <= LABELS_WITHIN_S, f"labels took {slowest:.0f} s")
    verdict.check(max(sounds) <= SOUNDS, f"{max(sounds)} sounds in one chat")
    verdict.check(not refused, f"{len(refused)} calls were answered 429")


async def _judge_books(scene: Scene, verdict: Verdict) -> None:
    """Every order of the day stands in our books as the platform has it."""
    ours = dict(scene.rows("SELECT external_id, raw_status FROM sale_order"))
    truth = await scene.stage.seller.world(with_orders=True)
    orders = (truth["shops"][0] if "shops" in truth else truth)["orders"]
    apart = {
        one["order_sn"]: (one["status"], ours.get(one["order_sn"]))
        for one in orders
        if ours.get(one["order_sn"]) != one["status"]
    }
    for number, (theirs, mine) in sorted(apart.items())[:5]:
        verdict.check(False, f"{number} is {theirs} there and {mine} here")
