"""A person at a packing table: a phone, a printer, a scanner, and couriers who come at their hour."""

import asyncio
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx

from simulator.world.couriers import COURIERS
from tests.proofs.day_shops import DayShop
from tests.proofs.trial import Scene
from tests.proofs.verdict import Verdict
from tests.stage import Message, Phone, until
from tests.stage.papers import NUMBER, numbers_on

ENOUGH = 40
"""So many parcels have to wait before another batch is worth a tap, unless their courier comes soon or the day is over."""
SOON_H = 2.5
"""How long before a courier comes his last parcels are packed, however few."""
TAKE = re.compile(r"^Take (?:next )?([\d,]+) (.+)$")
INSTANT = "instant"
LABELS = re.compile(r"^Labels of B[\d,]+ · (.+?) · ([\d,]+)")
CHOICE = r"^Pickup |^I bring "
LONGEST_S = 900.0
PATIENT_S = 180.0
WARY_S = 60.0
"""Where a saboteur is at work, a batch may never have news again."""
BLINK_S = 0.1
"""How often people look at their phones, or at the heap."""
FREE = (
    "SELECT courier, is_instant, count(*) FROM packing WHERE batch_id IS NULL "
    "AND state IN ('to_arrange', 'arranged', 'printed') AND step <> 'refused' GROUP BY courier, is_instant"
)
PACKED = "SELECT count(*) FROM packing WHERE state = 'packed' AND courier = ?"
PRINTED = (
    "SELECT count(*) FROM packing k JOIN batch b ON b.id = k.batch_id WHERE b.number = ? AND k.printed > 0"
)
LEFT = (
    "SELECT k.state, k.step, k.reason, k.printed, p.tracking_number, b.closed_at FROM packing k"
    " JOIN parcel p ON p.id = k.parcel_id JOIN batch b ON b.id = k.batch_id"
    " WHERE b.number = ? AND k.state NOT IN ('packed', 'handed_over')"
)
LARGEST = (
    "SELECT courier FROM packing WHERE NOT is_instant AND state = 'to_arrange'"
    " GROUP BY courier ORDER BY count(*) DESC LIMIT 1"
)
IN_BATCH = (
    "SELECT p.external_id FROM packing k JOIN parcel p ON p.id = k.parcel_id"
    " JOIN batch b ON b.id = k.batch_id WHERE b.number = ?"
)


@dataclass
class Table:
    """What the people at one table share: the heap to pack, a printer, and what they call to each other."""

    scene: Scene
    verdict: Verdict
    shops: list[DayShop]
    is_out: Callable[[], bool]
    """Whether nobody buys any more, and all that is to be packed is in our books."""
    printed: Counter[str] = field(default_factory=Counter)
    """How often each label came out of the printer."""
    claimed: dict[str, str] = field(default_factory=dict)
    """In whose batch each parcel was first."""
    calls: set[str] = field(default_factory=set)
    """Whose few parcels somebody is about to take: the others leave them."""
    heaps: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    """Held by who lays a parcel on a courier's heap, or hands that over."""

    @property
    def begins_at(self) -> datetime:
        return self.shops[0].day.begins_at

    @property
    def lasts(self) -> timedelta:
        return self.shops[0].day.lasts

    def cut_offs(self) -> dict[str, datetime]:
        """Say when each courier comes for the last time on this day: to one table, for the parcels of all shops."""
        return self.shops[0].day.cut_offs()

    def next_visit(self, lane: str, at: datetime) -> datetime:
        """Return when a courier comes next; where nobody knows yet who it will be, whoever comes first may be it."""
        couriers = {name: hour for name, hour in self.cut_offs().items() if not COURIERS[name].is_instant}
        known = [hour for name, hour in couriers.items() if name.startswith(lane)]
        hours = known or list(couriers.values())
        return min(hour if hour > at else hour + self.lasts for hour in hours)

    def urgency(self, courier: str, count: int) -> tuple[int, float]:
        """Return how urgent so many parcels are, the least first; they are not worth a tap from 3 on."""
        if courier == INSTANT:
            return (0, 0.0)  # he comes within the hour
        left = (self.next_visit(courier, now()) - now()) / self.lasts * 24
        if left <= SOON_H:
            return (1, left)
        return (2 if count >= ENOUGH else 3, left)

    def is_called(self, courier: str, count: int) -> bool:
        return count <= ENOUGH and courier in self.calls

    def heap(self) -> dict[str, int]:
        """Look how much of each courier nobody has taken yet and nobody is about to take."""
        lanes = {(INSTANT if instant else name): count for name, instant, count in self.scene.rows(FREE)}
        return {name: count for name, count in lanes.items() if not self.is_called(name, count)}


@dataclass
class Packer:
    """One person with a phone, who takes, reads what the printer prints, and scans it."""

    scene: Scene
    phone: Phone
    taps: int = 0
    took_s: list[float] = field(default_factory=list)
    since: int = 0
    _read: set[int] = field(default_factory=set)
    _aside: set[str] = field(default_factory=set)
    _door: Message | None = None
    """The list that is open for the couriers who come."""

    async def begin(self) -> None:
        """Silence what is not of the table: what is cancelled when it lies there printed rings all the same."""
        said = await self.phone.say("/alerts")
        alerts = await self.phone.sees("Alerts here", after=said)
        for kind in ("Cancellations", "Low stock"):
            await self.press(await self.phone.offers(alerts, f"^{kind} 🔔$"), f"^{kind} ")
            await self.phone.offers(alerts, f"^{kind} 🔕$")
        self.since = max(one.id for one in await self.phone.messages())

    async def press(self, message: Message, pattern: str) -> str | None:
        """Press a button; return what the phone says to it for a moment, None where the button has just gone."""
        shown = await self._now(message)
        if not any(re.search(pattern, label) for label in shown.buttons):
            return None
        try:
            answer = await self.phone.press(shown, pattern, wait_s=60)
        except httpx.HTTPStatusError:  # it went between the look and the tap
            return None
        self.taps += 1
        return str(answer.get("text") or "")

    async def work(self, table: Table) -> None:
        """Take batch after batch until the day is over and nothing is left to take."""
        page = await self._list()
        while await self._worth_it(table):
            page = await self._now(page)
            label, courier = self._taker(page, table, worth=3)
            if not label:
                page = await self._fresh(page)
                label, courier = self._taker(page, table, worth=4 if table.is_out() else 3)
            if not label:
                continue
            table.calls.add(courier)
            try:
                batch = await self._take(page, label)
            finally:
                table.calls.discard(courier)
            if batch is None or not await self._pack(batch, table):
                page = await self._fresh(page)

    async def take_and_hold(self, table: Table, courier: str) -> None:
        """Take a batch of a courier's parcels where there is one, and scan nothing of it."""
        page = await self._list()
        found = [each for each in page.buttons if (taker := TAKE.match(each)) and taker[2] == courier]
        batch = await self._take(page, found[0]) if found else None
        if batch is not None:
            self._claim(_batch_number(batch), table)

    async def _list(self) -> Message:
        said = await self.phone.say("/pack")

        async def look() -> Message | None:
            return next((one for one in await self.phone.messages(said) if "Refresh" in one.buttons), None)

        return await until(look, "the list", within_s=PATIENT_S, every_s=BLINK_S)

    async def _fresh(self, page: Message) -> Message:
        """Have the list as it is now."""
        while await self.press(page, "^(Refresh|Back)$") is None:
            await self._moved(await self._now(page))
        return await self._turned(page, lambda one: "Refresh" in one.buttons)

    def _taker(self, page: Message, table: Table, *, worth: int) -> tuple[str, str]:
        """Return the button that takes what is most urgent, of what is worth it, and its courier."""
        fit, heap = [], table.heap()
        for label in page.buttons:
            if found := TAKE.match(label):
                courier = found[2].rstrip("…")
                # The list may be older than what somebody else took meanwhile: what lies there is seen.
                lies = sum(count for name, count in heap.items() if name.startswith(courier))
                count = min(int(found[1].replace(",", "")), lies)
                urgency = table.urgency(courier, count)
                if urgency[0] < worth and not table.is_called(courier, count):
                    fit.append((urgency, label, courier))
        return min(fit)[1:] if fit else ("", "")

    async def _worth_it(self, table: Table) -> bool:
        """Look at the heap until there is something worth a tap, or the last of the day; False when all is done."""

        async def look() -> tuple[bool] | None:
            is_out, heap = table.is_out(), table.heap()
            if any(is_out or table.urgency(name, count)[0] < 3 for name, count in heap.items()):
                return (True,)
            return (False,) if is_out else None

        return (await until(look, "something to pack", within_s=LONGEST_S, every_s=BLINK_S))[0]

    async def _take(self, page: Message, label: str) -> Message | None:
        """Press for a batch; None when somebody else was quicker, which comes as a message when it is late."""
        newest = max(one.id for one in await self.phone.messages())
        began = time.monotonic()
        told = await self.press(page, f"^{re.escape(label)}$")
        if told is None or "quicker" in told:
            return None
        before = _batch_number(page)

        async def look() -> tuple[Message | None] | None:
            shown = await self._now(page)
            if _batch_number(shown) not in {"", before}:
                return (shown,)
            told = any(one.says("quicker") for one in await self.phone.messages(newest))
            return (None,) if told else None

        batch = (await until(look, "a batch", within_s=PATIENT_S, every_s=BLINK_S))[0]
        if batch is not None:
            self.took_s.append(began)
        return batch

    async def _pack(self, batch: Message, table: Table) -> bool:
        """Print a batch and scan it; False when all of it was cancelled."""
        began = self.took_s.pop()
        number = _batch_number(batch)
        self._claim(number, table)
        while not (papers := await self._papers(number)):
            shown = await self._now(batch)
            if choice := next((label for label in shown.buttons if re.search(CHOICE, label)), ""):
                await self.press(shown, f"^{re.escape(choice)}$")
            if shown.text.startswith("✅"):
                return False
            await self._moved(shown)
        self.took_s.append(time.monotonic() - began)
        for paper in papers:
            await self._scan(paper, table)
        await self._done(batch)
        return True

    def _claim(self, number: str, table: Table) -> None:
        """Look that nothing in a new batch lies in somebody's batch already; nobody gives anything back here."""
        for (parcel,) in self.scene.rows(IN_BATCH, int(number.replace(",", ""))):
            holder = table.claimed.setdefault(parcel, number)
            table.verdict.check(holder == number, f"{parcel} is in B{holder} and in B{number}")

    async def _papers(self, number: str) -> list[Message]:
        """Return the label files of a batch, one a courier, when all came; none before that."""
        told = [one for one in await self.phone.messages(self.since) if one.says(f"Labels of B{number} ")]
        printed = self.scene.rows(PRINTED, int(number.replace(",", "")))[0][0]
        return told if sum(_on(one)[1] for one in told) >= printed else []

    async def _scan(self, paper: Message, table: Table) -> None:
        """Pack what was printed, page by page; what rings meanwhile is laid aside."""
        self._read.add(paper.id)
        courier, _ = _on(paper)
        for number in await numbers_on(self.scene.stage, self.phone.chat_id, paper):
            table.printed[number] += 1
            table.verdict.check(table.printed[number] == 1, f"{number} was printed again")
            await self._pull_out()
            if number not in self._aside:
                async with table.heaps[courier]:
                    await self.phone.say(number)

    async def _done(self, batch: Message) -> None:
        """Wait until the batch says that it is done; what rings until then is laid aside."""

        async def look() -> bool:
            await self._pull_out()
            return (await self._now(batch)).text.startswith("✅")

        try:
            await until(look, "a batch to be done", within_s=self._patience_s, every_s=BLINK_S)
        except AssertionError as vain:
            shown = await self._now(batch)
            left = self.scene.rows(LEFT, int(_batch_number(shown).replace(",", "") or 0))
            raise AssertionError(f"{vain}; it shows {shown.text!r}, and has {left}") from None

    async def _pull_out(self) -> None:
        """Lay aside what a message says must not leave."""
        rung = [one for one in await self.phone.messages(self.since) if "Pull it out!" in one.text]
        for one in [one for one in rung if one.id not in self._read]:
            self._read.add(one.id)
            self._aside |= set(NUMBER.findall(one.text))
            for label in [label for label in one.buttons if label.endswith("is out")]:
                await self.press(one, f"^{re.escape(label)}$")

    async def hand_over(self, table: Table, courier: str) -> None:
        """Hand over what is packed for a courier; while the heap is counted nobody lays anything on it."""
        async with table.heaps[courier]:
            page = self._door = await (self._fresh(self._door) if self._door else self._list())
            while self.scene.rows(PACKED, courier)[0][0]:
                hands = [label for label in page.buttons if _is_hand(label, courier)]
                if hands:
                    await self.press(page, f"^{re.escape(hands[0])}$")
                    page = await self._turned(page, lambda one: any("Yes, " in each for each in one.buttons))
                if not hands or not await self._say_yes(page):
                    page = await self._fresh(page)

    async def _say_yes(self, page: Message) -> bool:
        """Say yes; False when the heap is another one by now than the question was about."""
        newest = max(one.id for one in await self.phone.messages())
        told = await self.press(page, "^Yes, ") or ""

        async def look() -> tuple[bool] | None:
            if "Refresh" in (await self._now(page)).buttons:
                return (True,)
            late = any(one.says("meanwhile") for one in await self.phone.messages(newest))
            return (False,) if late or "meanwhile" in told else None

        return (await until(look, "an answer to a yes", within_s=PATIENT_S, every_s=BLINK_S))[0]

    async def _now(self, message: Message) -> Message:
        return next(one for one in await self.phone.messages() if one.id == message.id)

    @property
    def _patience_s(self) -> float:
        return WARY_S if self.scene.broken else PATIENT_S

    async def _moved(self, message: Message) -> None:
        """Wait until a message changes or another one comes."""
        newest = max(one.id for one in await self.phone.messages())

        async def look() -> bool:
            shown = await self.phone.messages()
            same = next(one for one in shown if one.id == message.id)
            return (same.text, same.buttons) != (message.text, message.buttons) or shown[-1].id > newest

        await until(look, "news of a batch", within_s=self._patience_s, every_s=BLINK_S)

    async def _turned(self, message: Message, is_it: Callable[[Message], bool]) -> Message:
        async def look() -> Message | None:
            shown = await self._now(message)
            return shown if is_it(shown) else None

        return await until(look, "the next screen", within_s=PATIENT_S, every_s=BLINK_S)

    async def sounds(self) -> int:
        return sum(one.is_bot and not one.is_silent for one in await self.phone.messages(self.since))


def now() -> datetime:
    return datetime.now(UTC)


def _on(paper: Message) -> tuple[str, int]:
    """Return whose labels these are and how many: so it stands over them, where a number may name no courier."""
    found = LABELS.search(paper.text)
    assert found, paper.text
    return found[1], int(found[2].replace(",", ""))


def _is_hand(label: str, courier: str) -> bool:
    name = label.removeprefix("Hand over ").rstrip("…")
    return name != label and (name == "Instant" if COURIERS[courier].is_instant else courier.startswith(name))


def _batch_number(message: Message) -> str:
    """Return which batch a message shows, if any."""
    found = re.search(r"Batch B([\d,]+)", message.text.partition("\n")[0])
    return found[1] if found else ""
