"""`shopee-day`: a day on a platform where everything goes wrong that can, and the process dies again and again.

One call in twenty fails, pushes are lost, doubled and mixed up, tokens last a minute, and with each kill some
minutes pass. People go on working in the chat. Afterwards each order is stored once as the platform has it, nothing
was arranged or cancelled twice, and no price or stock left that nobody stood by.
"""

import asyncio
import contextlib
import os
import signal
from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

from tests.proofs.crash_alerts import named
from tests.proofs.day_books import judge_books
from tests.proofs.day_shops import shopee_of
from tests.proofs.shop_floor import Worker
from tests.proofs.trial import Scene, Trial, open_scene
from tests.proofs.verdict import Verdict
from tests.stage import Stage, until
from tests.stage.crew import bring_in
from tests.stage.nursery import AHEAD
from tests.stage.seller import HOME_SHOP

PRODUCTS = 30
PLENTY = 50_000
SHARE = 0.05
PUSH_SHARE = 0.3
DEAD_FOR = timedelta(minutes=10)
TOKEN_S = 60
OFTEN = (8, 40)
RARELY = (100, 500)
"""So many pushes and presses are worked off between two kills; a long day goes on for a while in between."""
AHEAD_OF_SHOP = 60
ANSWERED_WITHIN_S = 2.0
LONGEST_S = 180.0
NOT_AUTH = "/api/v2/[!a]*"
"""An answer to a refresh that is lost after its effect is the one window nothing can close: `refresh` is about that."""
BEFORE = ("server_error", "html", "broken_json", "rate_limit", "timeout_before")
AFTER = ("timeout_after", "server_error", "html", "broken_json")
SURE = ("/api/v2/logistics/*ship_order", "/api/v2/order/cancel_order", "/api/v2/product/update_price")
"""Each of these loses an answer after its effect at least once, whatever the dice say."""
ENDS = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=2), timedelta(hours=4), timedelta(hours=4))
"""The day is over: so much later somebody looks whether all has come to its end."""
UNDER_WAY = (
    "SELECT count(*) FROM inbox WHERE state IN ('new', 'leased')",
    "SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')",
    "SELECT count(*) FROM change WHERE state IN ('approved', 'applying', 'unknown')",
    "SELECT count(*) FROM order_action WHERE state IN ('ready', 'sending', 'unknown')",
    (
        "SELECT count(*) FROM packing k JOIN batch b ON b.id = k.batch_id JOIN parcel p ON p.id = k.parcel_id"
        " WHERE b.labels = 'waiting' AND k.state = 'arranged' AND p.tracking_number = ''"
    ),
    (
        "SELECT count(*) FROM packing WHERE state = 'to_arrange' AND step IN ('asked', 'sending', 'unknown')"
        " AND due_at IS NOT NULL"
    ),
)

TRANSIT = 2
"""The first of these fill again with each thing that is told; the others end for good."""


async def shopee_day(trial: Trial) -> Verdict:
    """All faults at once, killed at random: each order once and true, nothing sent twice or unasked."""
    verdict, random = trial.verdict(), trial.random
    async with open_scene(trial, products=PRODUCTS, before=_fill_shelves) as scene:
        day = await Day.begin(scene, random, RARELY if trial.is_release else OFTEN)
        await day.live(trial.size(120, 10_000), acts=trial.size(24, 500))
        await day.end()
        day.judge_sent(verdict)
        day.judge_stored(verdict)
        await judge_books(scene, [shopee_of(scene)], verdict)
        verdict.trials = len(day.placed)
        verdict.numbers |= {"kills": day.kills, "done": sum(each.done for each in day.workers)}
        verdict.numbers |= {f"sent_{what}": len(them) for what, them in sorted(day.effects.items())}
        verdict.numbers["faults"] = day.faults
    return verdict


class Day:
    """Buyers, couriers and people at work, and a process that dies beneath them."""

    def __init__(
        self,
        scene: Scene,
        models: list[dict[str, Any]],
        workers: list[Worker],
        random: Random,
        work_between: tuple[int, int],
    ) -> None:
        self._scene = scene
        self._models = models
        self._random = random
        self._work_between = work_between
        self.workers = workers
        self.placed: list[str] = []
        self.kills = 0
        self.faults = 0
        self.effects: dict[str, list[str]] = {"arranged": [], "cancelled": [], "priced": [], "counted": []}
        self.repeated: list[str] = []
        self._seen = 0
        self._is_open = True

    @classmethod
    async def begin(cls, scene: Scene, random: Random, work_between: tuple[int, int]) -> "Day":
        """Have three people at work, and the platform go wrong from now on."""
        seller = scene.stage.seller
        models = await seller.several_sellable(12)
        phones = [
            scene.phone,
            *[await bring_in(scene.stage, scene.phone, each, "manager") for each in ("Budi", "Citra")],
        ]
        workers = [
            Worker(scene, phone, models[at::3][:3], Random(random.random()))  # noqa: S311 - a trial must be repeatable
            for at, phone in enumerate(phones)
        ]
        await _go_wrong(scene)
        day = cls(scene, models, workers, random, work_between)
        day._seen = max((each["id"] for each in scene.stage.shopee.simulation.journal.since(0)), default=0)
        return day

    async def live(self, orders: int, *, acts: int) -> None:
        """Let buyers come until so many have bought, while people do so many things and the process dies."""

        async def has_done() -> bool:
            self._look()
            return sum(each.done for each in self.workers) >= acts

        async with asyncio.TaskGroup() as shop:
            for each in self.workers:
                shop.create_task(self._work(each))
            shop.create_task(self._die())
            while len(self.placed) < orders:
                for _ in range(min(10, orders - len(self.placed))):
                    await self._buy()
                await self._happens()
                await self._keeps_up()
            with contextlib.suppress(AssertionError):  # on a slow machine people do less
                await until(has_done, "people to have done something", within_s=LONGEST_S / 2)
            self._is_open = False
        await self._each_once()

    async def _buy(self) -> None:
        model = self._random.choice(self._models)
        line = {**named(model), "quantity": self._random.choice((1, 1, 1, 2, 3))}
        cod = self._random.random() < 0.2
        order = {"shop_id": HOME_SHOP, "lines": [line], "cod": cod, "courier": "SPX Standard"}
        self.placed.append((await self._scene.stage.seller.control("orders", order))["order_sn"])

    async def _happens(self) -> None:
        """Let something happen at the platform's side: buyers change their minds, couriers come."""
        seller = self._scene.stage.seller
        for act, share in (("cancel", 0.2), ("ask_cancel", 0.1), ("pickup", 0.5), ("deliver", 0.5)):
            if self._random.random() < share:
                number = self._random.choice(self.placed)
                with contextlib.suppress(Exception):
                    await seller.control(f"orders/{number}/{act}", {})

    async def _keeps_up(self) -> None:
        """Buyers are not faster than the shop by more than a while's work."""

        async def is_near() -> bool:
            self._look()
            stored = self._scene.rows("SELECT count(*) FROM sale_order")[0][0]
            return len(self.placed) - int(stored) < AHEAD_OF_SHOP

        await until(is_near, "the shop to keep up with its buyers", within_s=LONGEST_S)

    async def _work(self, worker: Worker) -> None:
        while self._is_open:
            await worker.try_something(self.placed[-40:])
            await asyncio.sleep(0.05)

    async def _die(self) -> None:
        """Be killed in the midst of work, and come back some minutes later."""
        while self._is_open:
            wanted = self._worked() + self._random.randrange(*self._work_between)

            async def has_worked(wanted: int = wanted) -> bool:
                return not self._is_open or self._worked() >= wanted

            await until(has_worked, "some work to be done", within_s=LONGEST_S)
            await asyncio.sleep(0.3 * self._random.random())
            await self._kill(DEAD_FOR)

    def _worked(self) -> int:
        return int(self._scene.rows("SELECT count(*) FROM inbox WHERE state = 'done'")[0][0])

    async def _kill(self, dead_for: timedelta) -> None:
        bot = self._scene.stage.bot
        while True:
            os.kill(bot.pid, signal.SIGSTOP)
            if not self._is_refreshing():
                break
            os.kill(bot.pid, signal.SIGCONT)
            await asyncio.sleep(0.02)
        await self._scene.stage.kill_bot()
        self.kills += 1
        await self._later(dead_for)

    def _is_refreshing(self) -> bool:
        """Tell whether a token is being traded right now: to die there is what `refresh` is about."""
        return bool(self._scene.rows("SELECT count(*) FROM shop WHERE lease_until IS NOT NULL")[0][0])

    async def _later(self, by: timedelta) -> None:
        environment = self._scene.stage.environment
        environment[AHEAD] = str(float(environment.get(AHEAD, "0")) + by.total_seconds())
        self._scene.stage.shopee.simulation.clock.advance(by)
        await self._scene.start()

    async def _each_once(self) -> None:
        """See to it that a parcel was arranged, an order cancelled and a price sent, if chance did not."""
        for what in ("arranged", "cancelled", "priced"):
            them = self.effects[what]

            async def is_done(what: str = what, them: list[str] = them) -> bool:
                self._look()
                if not them:
                    await self._buy()
                    await self._random.choice(self.workers).try_to(what, self.placed[-20:])
                return bool(them)

            await until(is_done, f"something to be {what}", within_s=LONGEST_S)

    async def end(self) -> None:
        """Let the platform be well again, and time pass, until nothing is under way any more."""
        await self._scene.stage.seller.control("faults/clear", {})
        left: list[str] = []

        async def is_quiet() -> bool:
            self._look()
            left[:] = [query for query in UNDER_WAY if self._scene.rows(query) != [(0,)]]
            return not left

        for by in ENDS:
            await self._kill(by)
            with contextlib.suppress(AssertionError):
                await until(is_quiet, "the day to end", within_s=30)
            if not left or self.repeated:
                break
        self._look()

    def _look(self) -> None:
        """Go on through the platform's journal: what had its effect, and what was asked for again after that."""
        for call in self._scene.stage.shopee.simulation.journal.since(self._seen):
            if self._is_under_way(call):
                break
            self._seen = call["id"]
            self.faults += bool(call["fault"])
            what, asked = _asked(call)
            if not what:
                continue
            if what in {"arranged", "cancelled"}:
                again = [each for each in asked if each in self.effects[what]]
                self.repeated += [f"{each} was to be {what} again" for each in again]
            if call["done"] is not None and not call["error"]:
                told = call["done"].get("response", call["done"])
                failed = str(told.get("fail_list") or told.get("failure_list"))
                self.effects[what] += [each for each in asked if each.partition("=")[0] not in failed]

    def _is_under_way(self, call: dict[str, Any]) -> bool:
        """Tell whether it is too early to say what became of a call; one whose line was cut never says more."""
        age_s = self._scene.stage.shopee.simulation.clock.now().timestamp() - float(call["at"])
        return not call["http_status"] and age_s < ANSWERED_WITHIN_S

    def judge_sent(self, verdict: Verdict) -> None:
        """Nothing twice, and nothing that nobody stood by."""
        for each in self.repeated:
            verdict.check(False, each)
        for what in ("arranged", "cancelled"):
            twice = [key for key, times in Counter(self.effects[what]).items() if times > 1]
            verdict.check(not twice, f"{twice} were {what} twice")
        wanted = {
            f"{model}={price}"
            for each in self.workers
            for model, them in each.wishes.prices.items()
            for price in them
        }
        unasked = set(self.effects["priced"]) - wanted
        verdict.check(not unasked, f"prices nobody approved were sent: {sorted(unasked)[:5]}")
        counted = {str(model) for each in self.workers for model in each.wishes.counted}
        strays = {each.partition("=")[0] for each in self.effects["counted"]} - counted
        verdict.check(not strays, f"stock of variants nobody counted was sent: {sorted(strays)[:5]}")
        cancelled = {number for each in self.workers for number in each.wishes.cancelled}
        others = set(self.effects["cancelled"]) - cancelled
        verdict.check(not others, f"{sorted(others)} were cancelled, and nobody wanted it")

    def judge_stored(self, verdict: Verdict) -> None:
        stored = Counter(row[0] for row in self._scene.rows("SELECT external_id FROM sale_order"))
        for number in self.placed:
            verdict.check(stored[number] == 1, f"order {number} is stored {stored[number]} times")
        for query in UNDER_WAY[TRANSIT:]:
            left = self._scene.rows(query)[0][0]
            verdict.check(left == 0, f"{left} were still under way: {query}")


def _fill_shelves(stage: Stage) -> None:
    """Have enough of everything, whoever comes."""
    world = stage.shopee.world
    for listing in world.shops[HOME_SHOP].listings.values():
        for variant in listing.variants:
            variant.stock = dict.fromkeys(variant.stock, PLENTY)


async def _go_wrong(scene: Scene) -> None:
    seller = scene.stage.seller
    await seller.control("tokens/lifetime", {"access_s": TOKEN_S})
    for path in SURE:
        lost = {"kind": "timeout_after", "path": path, "count": 1, "seconds": 0.1}
        await seller.control("faults", lost)
    each = SHARE / (len(BEFORE) + len(AFTER))
    for kind in BEFORE:
        await seller.control("faults", {"kind": kind, "probability": each, "seconds": 0.1})
    for kind in AFTER:
        fault = {"kind": kind, "path": NOT_AUTH, "probability": each, "seconds": 0.1, "after_effect": True}
        await seller.control("faults", fault)
    for kind, share in (("push_lost", PUSH_SHARE), ("push_doubled", PUSH_SHARE), ("push_reordered", 1.0)):
        await seller.control("faults", {"kind": kind, "probability": share})


def _asked(call: dict[str, Any]) -> tuple[str, list[str]]:
    """Return what a call wanted done, and with what."""
    name, body = call["path"].rpartition("/")[2], call["body"]
    match name if body else "":  # one that went wrong before it was read wanted nothing
        case "ship_order":
            return "arranged", [str(body.get("package_number") or body["order_sn"])]
        case "mass_ship_order":
            return "arranged", [str(each["package_number"]) for each in body["package_list"]]
        case "cancel_order":
            return "cancelled", [str(body["order_sn"])]
        case "update_price":
            return "priced", [
                f"{row.get('model_id', 0)}={int(row['original_price'])}" for row in body["price_list"]
            ]
        case "update_stock":
            return "counted", [str(row.get("model_id", 0)) for row in body["stock_list"]]
    return "", []
