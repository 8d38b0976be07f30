"""P1, `crash-sync`: a shop's orders are read whole and once, wherever the reading is cut off."""

import contextlib
import signal
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.proofs.shelf import Shelf, open_linked
from tests.proofs.syncing import DONE
from tests.proofs.trial import Trial
from tests.proofs.verdict import Verdict
from tests.stage import Nursery, Stage, shared_nursery, until
from tests.stage.process import Forked

FEW = 12


@dataclass(slots=True)
class Reading:
    """A linked shop that nobody has read, and processes that read it."""

    stage: Stage
    nursery: Nursery
    broken: str
    shelf: Shelf

    async def begin(self) -> Forked:
        stage = self.stage
        return await self.nursery.fork(
            stage.environment, stage.log, "sync", target=stage.target, broken=self.broken
        )

    async def to_the_end(self) -> bool:
        """Read without a kill; False when that did not come to its end."""
        before = self._ended()
        process = await self.begin()
        await process.ended(within_s=60)
        return self._ended() == before + 1

    def _ended(self) -> int:
        return self.stage.log.read_text("utf-8", "replace").count(DONE) if self.stage.log.exists() else 0

    async def passed(self) -> list[str]:
        """Read to the end and return the failpoints passed, each once."""
        noted = self.stage.target.with_suffix(".passed")
        noted.write_text("")
        assert await self.to_the_end(), self.stage.log_tail()
        points = list(dict.fromkeys(noted.read_text().split()))
        noted.unlink()
        return points

    def moments(self) -> dict[str, str]:
        return {
            str(row[0]): str(row[1])
            for row in self.stage.rows("SELECT external_id, updated_at FROM sale_order")
        }


async def crash_sync(trial: Trial) -> Verdict:
    """P1: cut off at every failpoint and at random, a sync leaves each order once, and none older than it was."""
    verdict, random = trial.verdict(), trial.random
    nursery = shared_nursery()
    for is_server in (False, True):
        async with _reading(trial, nursery, FEW, is_server=is_server) as reading:
            await _at_failpoints(reading, random, trial, verdict, step=6 if is_server else 1)
        async with _reading(trial, nursery, trial.size(600, 10_000), is_server=is_server) as reading:
            await _at_random(reading, random, trial.size(6, 500), verdict)
    return verdict


@contextlib.asynccontextmanager
async def _reading(trial: Trial, nursery: Nursery, orders: int, *, is_server: bool) -> AsyncIterator[Reading]:
    async with open_linked(trial, nursery, orders, is_server=is_server) as (stage, shelf, _, _):
        yield Reading(stage, nursery, trial.broken, shelf)


async def _at_failpoints(
    reading: Reading, random: Random, trial: Trial, verdict: Verdict, *, step: int
) -> None:
    await reading.shelf.take_up()
    points = await reading.passed()
    verdict.numbers["failpoints"] = max(len(points), verdict.numbers.get("failpoints", 0))
    for point in points if trial.is_release else points[::step]:
        await reading.shelf.take_up()
        reading.stage.target.write_text(point)
        await (await reading.begin()).ended(within_s=60)
        verdict.check(not reading.stage.target.exists(), f"{point} was not passed the second time")
        reading.stage.target.unlink(missing_ok=True)
        await _go_on(reading, random, point, verdict)
        verdict.trials += 1


async def _at_random(reading: Reading, random: Random, kills: int, verdict: Verdict) -> None:
    await reading.shelf.take_up()
    for number in range(kills):
        process = await reading.begin()
        stored = len(reading.moments()) + random.randrange(200)

        async def is_far_enough(wanted: int = stored, running: Forked = process) -> bool:
            return not running.is_running() or len(reading.moments()) >= wanted

        await until(is_far_enough, "orders to be stored", within_s=60)
        await process.end(signal.SIGKILL)
        await _go_on(reading, random, f"kill {number + 1}", verdict, is_last=number == kills - 1)
        verdict.trials += 1


async def _go_on(
    reading: Reading, random: Random, where: str, verdict: Verdict, *, is_last: bool = True
) -> None:
    """Let the platform's orders move on, read what is left, and compare."""
    before = reading.moments()
    await _move_some(reading.stage, random)
    if not is_last:
        return
    verdict.check(await reading.to_the_end(), f"{where}: it did not come to an end")
    after = reading.moments()
    older = [number for number, at in before.items() if after.get(number, "") < at]
    verdict.check(not older, f"{where}: {older} became older")
    await _judge(reading.stage, where, verdict)


async def _move_some(stage: Stage, random: Random) -> None:
    orders = (await stage.seller.world(with_orders=True))["shops"][0]["orders"]
    ready = [order["order_sn"] for order in orders if order["status"] == "READY_TO_SHIP"]
    for number in random.sample(ready, min(1, len(ready))):
        await stage.seller.control(f"orders/{number}/cancel", {})
    model = await stage.seller.sellable()
    await stage.seller.order(int(model["item_id"]), int(model["model_id"]))


async def _judge(stage: Stage, where: str, verdict: Verdict) -> None:
    truth = {
        order["order_sn"]: order["status"]
        for order in (await stage.seller.world(with_orders=True))["shops"][0]["orders"]
    }
    rows = stage.rows("SELECT external_id, raw_status FROM sale_order")
    doubled = [number for number, times in Counter(row[0] for row in rows).items() if times > 1]
    verdict.check(not doubled, f"{where}: {doubled} are stored twice")
    held: dict[Any, Any] = dict(rows)
    missing = truth.keys() - held.keys()
    verdict.check(not missing, f"{where}: {len(missing)} of {len(truth)} orders are missing")
    wrong = [number for number in truth.keys() & held.keys() if truth[number] != held[number]]
    verdict.check(not wrong, f"{where}: {wrong} are not as the platform has them")
    bare = stage.rows(
        "SELECT count(*) FROM sale_order WHERE NOT EXISTS"
        " (SELECT 1 FROM order_line WHERE order_line.order_id = sale_order.id)"
    )
    verdict.check(bare == [(0,)], f"{where}: orders without lines: {bare}")
    if stage.environment["DATABASE_URL"].startswith("sqlite"):
        verdict.check(stage.rows("PRAGMA integrity_check") == [("ok",)], f"{where}: the file is damaged")
