"""P33, `term`: told to end at any moment, StoreSync ends soon and loses nothing, and a second one does not start."""

import asyncio
import os
import signal
import time
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from tests.proofs.crash_alerts import all_told, judge_told, named
from tests.proofs.trial import EDITED_SOON, Scene, Trial, open_scene
from tests.proofs.update_inbox import all_handled, judge_effects
from tests.proofs.verdict import Verdict
from tests.stage import Message, until

SLOWEST_S = 10.0
"""As long as Docker waits before it takes the power away."""
ALWAYS = ("poll.stored:after", "inbound.receive_hook:committed", "apply.push:before", "telegram.send:after")
HANGING = ("/api/v2/product/*", "/api/v2/order/*")
ORDERS_EACH = 2
PASSED_WITHIN_S = 5.0


async def term(trial: Trial) -> Verdict:
    """P33: told to end at any failpoint, and while all others hang: gone in 10 s, nothing acknowledged lost or doubled."""
    verdict, random = trial.verdict(), trial.random
    async with open_scene(trial, STAGE_EDITS_S=EDITED_SOON) as scene:
        work = await Work.begin(scene)
        points = await _points(work)
        chosen = [*ALWAYS, *random.sample(points, trial.size(3, min(len(points), 66)))]
        for point in chosen:
            await _told_at(work, point, verdict)
        for _ in range(trial.size(1, 30)):
            await _told_while_all_hang(work, random, verdict)
        await _second_one(scene, verdict)
        await _judge(work, verdict)
        verdict.numbers["failpoints"] = len(points)
    return verdict


class Work:
    """What goes on while StoreSync is told to end: a price is approved, another is asked for, orders come in."""

    def __init__(self, scene: Scene, models: list[dict[str, Any]]) -> None:
        self.scene = scene
        self.placed: list[str] = []
        self.asked: list[int] = []
        self.approved: dict[tuple[int, int], int] = {}
        self._models = models

    @classmethod
    async def begin(cls, scene: Scene) -> "Work":
        items = (await scene.stage.seller.world())["shops"][0]["items"]
        skus = [model["sku"] for item in items for model in item["models"]]
        models = [
            {"item_id": item["item_id"], **model}
            for item in items
            for model in item["models"]
            if item["status"] == "NORMAL" and not model["price_locked"] and model["sku"]
            and skus.count(model["sku"]) == 1 and model["available"] > 20
        ]  # fmt: skip
        return cls(scene, models)

    async def ready(self) -> Message:
        """Ask for the next variant's price and wait for the card that will be approved."""
        model = self._models[len(self.approved)]
        price = int(str(model["price"]).partition(".")[0]) * 95 // 100 - len(self.asked)
        await self.scene.phone.say(f"/price {model['sku']} {price}")
        self.asked.append(price)
        self.approved[(model["item_id"], model["model_id"])] = price
        return await self.scene.phone.sees("🏷", f"→ {price:,}", within_s=60)

    async def go_on(self, card: Message) -> None:
        """Approve, ask for another price, and have buyers order, waiting for none of it."""
        model = self._models[-1]
        await self.scene.phone.press(card, "^Approve", wait_s=0)
        price = int(str(model["price"]).partition(".")[0]) - 1 - len(self.asked)
        await self.scene.phone.say(f"/price {model['sku']} {price}")
        self.asked.append(price)
        for _ in range(ORDERS_EACH):
            self.placed.append((await self.scene.stage.seller.order(**named(model)))["order_sn"])


async def _points(work: Work) -> list[str]:
    """Let the work be done once, and return what it passed."""
    card = await work.ready()
    work.scene.record()
    await work.go_on(card)
    await work.scene.phone.sees_in(card, "read back", within_s=60)
    await all_told(work.scene, work.placed)
    await all_handled(work.scene)
    return [each for each in work.scene.recorded() if not each.startswith("telegram.getUpdates")]


async def _told_at(work: Work, point: str, verdict: Verdict) -> None:
    scene, card = work.scene, await work.ready()
    order = scene.stage.target.with_suffix(".term")
    termed = order.with_suffix(".termed")
    order.write_text(point)
    await work.go_on(card)

    async def is_told() -> bool:
        return termed.exists()

    try:
        await until(is_told, f"{point} to be passed", within_s=PASSED_WITHIN_S)
    except AssertionError:  # not on the way this time
        os.kill(scene.stage.bot.pid, signal.SIGTERM)
    await _ends(scene, time.monotonic(), point, verdict)
    order.unlink(missing_ok=True)
    termed.unlink(missing_ok=True)
    await scene.start()


async def _told_while_all_hang(work: Work, random: Random, verdict: Verdict) -> None:
    """Have neither the platform nor Telegram answer any more, and tell it to end then."""
    scene, card = work.scene, await work.ready()
    seller = scene.stage.seller
    for path in HANGING:
        await seller.control("faults", {"kind": "timeout_before", "path": path, "count": 50})
    for method in ("sendMessage", "editMessageText"):
        hang = {"kind": "timeout_before", "method": method, "next": 50, "delay_s": 60}
        (await scene.stage.phones.post("/client/faults", json=hang)).raise_for_status()
    await work.go_on(card)
    await asyncio.sleep(random.random())
    os.kill(scene.stage.bot.pid, signal.SIGTERM)
    await _ends(scene, time.monotonic(), "all hang", verdict)
    await seller.control("faults/clear", {})
    (await scene.stage.phones.delete("/client/faults")).raise_for_status()
    await scene.start()


async def _ends(scene: Scene, told_at: float, where: str, verdict: Verdict) -> None:
    bot = scene.stage.bot
    try:
        await bot.ended(within_s=3 * SLOWEST_S)
    except AssertionError:
        verdict.check(holds=False, otherwise=f"{where}: it did not end at all")
        await scene.stage.kill_bot()
        return
    took = time.monotonic() - told_at
    verdict.trials += 1
    verdict.numbers["slowest_s"] = round(max(took, verdict.numbers.get("slowest_s", 0)), 2)
    verdict.check(took < SLOWEST_S, f"{where}: it took {took:.1f} s to end")
    code = _code(scene, bot.pid)
    verdict.check(code == "0", f"{where}: it ended with {code or 'no'} code")


async def _second_one(scene: Scene, verdict: Verdict) -> None:
    """Start another one on the same database: it refuses, and the first goes on."""
    out = scene.stage.folder / "second.out"
    environment = scene.stage.environment | {"HTTP_PORT": "0"}
    second = await scene.nursery.fork(environment, out, "run", target=scene.stage.target)
    await second.ended(within_s=SLOWEST_S)
    verdict.trials += 1
    code = _code(scene, second.pid)
    verdict.check(code == "2", f"a second one ended with {code or 'no'} code")
    verdict.check("already runs" in out.read_text(), "a second one did not say why it refuses")
    verdict.check(scene.stage.bot.is_running(), "the first one ended when a second one was started")


async def _judge(work: Work, verdict: Verdict) -> None:
    scene = work.scene
    await all_handled(scene)
    await all_told(scene, work.placed)
    await until(partial(_is_sent, scene), "every approved price to be sent and read back", within_s=120)
    judge_told(scene, work.placed, 0, verdict)
    judge_effects(scene, work.asked, verdict)
    sent = [
        each["body"] for each in await scene.stage.seller.calls("/product/update_price") if not each["error"]
    ]
    for (item, model), price in work.approved.items():
        shown = await scene.stage.seller.price(item, model)
        verdict.check(shown == price, f"{model}: approved {price}, the shop shows {shown}")
        times = sum(body["item_id"] == item and str(model) in str(body) for body in sent)
        verdict.check(times == 1, f"{model}: sent {times} times")


async def _is_sent(scene: Scene) -> bool:
    under_way = "SELECT count(*) FROM change WHERE state IN ('approved', 'applying', 'unknown')"
    return scene.rows(under_way) == [(0,)]


def _code(scene: Scene, pid: int) -> str:
    left: Path = scene.stage.target.with_suffix(f".ended-{pid}")
    return left.read_text() if left.exists() else ""
