"""P15, `refresh`: refresh tokens that work once are used once, by any number of callers, and lost in one window only."""

import contextlib
import copy
import json
import signal
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

from sqlalchemy import update

from domain.clock import utc_now
from services.outbox import LEASE_S
from simulator.lazada.tokens import Tokens as LazadaTokens
from simulator.shopee.tokens import Tokens as ShopeeTokens
from simulator.tiktok_shop.tokens import Tokens as TiktokShopTokens
from storage.database import Database
from storage.tables.shops import shop
from tests.proofs.asking import ASKED
from tests.proofs.shelf import Shelf, open_linked
from tests.proofs.trial import Trial
from tests.proofs.verdict import Verdict
from tests.stage import Nursery, Phone, Seller, Stage, shared_nursery, until
from tests.stage.process import Forked

PROCESSES = 5
SOON = timedelta(minutes=1)
STORE = "tokens.store:before_commit"
ENDS = ("", "tokens.drop_lease:committed", "tokens.cut_off:before_commit", "tokens.cut_off:committed")
"""Where the process dies again while it learns that its token is spent."""
FEW = 4


@dataclass(frozen=True, slots=True)
class Spender:
    """How a platform is asked for a new pair: the path at its stand-in, and the call's name here.

    `issues` names what its stand-in keeps of the pairs it gave.
    """

    path: str
    call: str
    issues: tuple[str, ...]
    works_once: bool = True
    """Whether a refresh token is spent by its first use."""

    @property
    def window(self) -> tuple[str, str]:
        """The platform has spent the old token and we have not stored the new one: nothing can close this."""
        return (f"{self.call}:after", STORE)


SHOPEE = "Shopee"
SPENDERS = {
    SHOPEE: Spender("/api/v2/auth/access_token/get", "shopee.refresh_access_token", ("_access", "_refresh")),
    "TikTok Shop": Spender(
        "/api/v2/token/refresh", "tiktok_shop.refresh_token", ("_access", "_refresh", "grants")
    ),
    "Lazada": Spender(
        "/rest/auth/token/refresh", "lazada.refresh_token", ("_access", "grants"), works_once=False
    ),
}
SHORT = ((SHOPEE, False), ("TikTok Shop", True), ("Lazada", False))
"""Which platforms' shops are linked in the tests, and whether on PostgreSQL."""


@dataclass(slots=True)
class Asking:
    """A linked shop, and processes of many callers who want something of it."""

    stage: Stage
    nursery: Nursery
    shelf: Shelf
    broken: str
    processes: int
    pairs: dict[str, Any]
    """What the platform had issued when the shop was linked."""
    spender: Spender
    seller: Seller
    issued: ShopeeTokens | TiktokShopTokens | LazadaTokens

    async def anew(self) -> None:
        """Go back to the moment the shop was linked, on both sides."""
        await self.shelf.take_up()
        for name, issued in copy.deepcopy(self.pairs).items():
            setattr(self.issued, name, issued)

    async def begin(self, callers: int, processes: int) -> list[Forked]:
        self._turn.unlink(missing_ok=True)
        words, stage = ("ask", str(callers // processes), str(self._turn)), self.stage
        return [
            await self.nursery.fork(
                stage.environment, stage.log, *words, target=stage.target, broken=self.broken
            )
            for _ in range(processes)
        ]

    @contextlib.asynccontextmanager
    async def running(self, callers: int, processes: int) -> AsyncIterator[None]:
        """Have processes that wait for their turns, until the block ends."""
        begun = await self.begin(callers, processes)
        try:
            yield
        finally:
            for process in begun:
                await process.end(signal.SIGKILL)

    def call(self, turn: int) -> int:
        """Let everybody ask; return how many answers were there before."""
        before = len(self.answers())
        self._turn.write_text(str(turn))
        return before

    async def answered(self, before: int, processes: int) -> Counter[str]:
        """Wait until all have their answers; return what went wrong, counted."""

        async def is_done() -> bool:
            return len(self.answers()) >= before + processes

        await until(is_done, f"{processes} processes to have asked: {self.stage.log_tail(5)}", within_s=60)
        return sum((Counter(each["failed"]) for each in self.answers()[before:]), Counter())

    def answers(self) -> list[dict[str, Any]]:
        if not self.stage.log.exists():
            return []
        lines = self.stage.log.read_text("utf-8", "replace").splitlines()
        return [json.loads(line) for line in lines if f'"{ASKED}"' in line]

    async def refreshes(self) -> tuple[int, int]:
        """Return how often the platform gave a new pair, and how often it refused one."""
        calls = await self.seller.calls(self.spender.path)
        refused = sum(bool(each["error"]) for each in calls)
        return len(calls) - refused, refused

    async def expire(self, *, early: bool) -> None:
        """End the access token: at the platform before its time, or in our books as time does."""
        if early:
            await self.seller.control("tokens/expire", {"what": "access"})
        else:
            await self.set(token_expires_at=utc_now() + SOON)

    async def set(self, **values: object) -> None:
        database = Database(self.stage.environment["DATABASE_URL"])
        try:
            await database.write(lambda conn: conn.execute(update(shop).values(values)), "proof.set")
        finally:
            await database.close()

    @property
    def _turn(self) -> Path:
        return self.stage.target.with_suffix(".turn")


async def refresh(trial: Trial) -> Verdict:
    """P15: one refresh for each expiry, whoever asks; killed anywhere, a shop is relinked in one window only, told once."""
    verdict = trial.verdict()
    nursery = shared_nursery()
    for name, is_server in product(SPENDERS, (False, True)) if trial.is_release else SHORT:
        other_name = "" if name == SHOPEE else name
        opening = open_linked(trial, nursery, FEW, is_server=is_server, other_name=other_name)
        async with opening as (stage, shelf, phone, other):
            issued = other.simulator.simulation.tokens if other else stage.shopee.simulation.tokens
            spender = SPENDERS[name]
            pairs = copy.deepcopy({each: getattr(issued, each) for each in spender.issues})
            asking = Asking(
                stage, nursery, shelf, trial.broken, PROCESSES if is_server else 1, pairs,
                spender, other.seller if other else stage.seller, issued,
            )  # fmt: skip
            await _at_once(asking, trial, verdict)
            if not trial.is_broken and (trial.is_release or spender.works_once):
                await _killed(asking, phone, verdict, step=3 if is_server and not trial.is_release else 1)
    return verdict


async def _at_once(asking: Asking, trial: Trial, verdict: Verdict) -> None:
    """Let everybody ask at the same moment, each time the token has ended."""
    await asking.anew()
    if trial.is_broken:  # who would ask twice is given the time to
        fault = {"kind": "latency", "path": asking.spender.path, "probability": 1.0, "seconds": 0.5}
        await asking.seller.control("faults", fault)
    async with asking.running(trial.size(50, 200), asking.processes):
        for turn in range(1, trial.size(3, 5) + 1):
            await asking.expire(early=turn % 2 == 1)
            given, refused = await asking.refreshes()
            failed = await asking.answered(asking.call(turn), asking.processes)
            now_given, now_refused = await asking.refreshes()
            where = f"{asking.processes} processes, expiry {turn}"
            verdict.check(now_given == given + 1, f"{where}: refreshed {now_given - given} times")
            verdict.check(now_refused == refused, f"{where}: {now_refused - refused} spent tokens were sent")
            verdict.check(not failed, f"{where}: callers went away with {dict(failed)}")
            verdict.trials += trial.size(50, 200)


async def _killed(asking: Asking, phone: Phone, verdict: Verdict, *, step: int) -> None:
    """Die at each step of a refresh, and again at each step of learning that the token is spent."""
    points = await _passed(asking)
    window = asking.spender.window
    verdict.numbers["failpoints"] = len(points) + len(window) + len(ENDS) - 1
    for point in points[::step]:
        verdict.check(await _dies_at(asking, point, ""), f"{point} was not passed the second time")
        await _goes_on(asking, point, verdict)
    if not asking.spender.works_once:
        for point in window:
            verdict.check(await _dies_at(asking, point, ""), f"{point} was not passed")
            await _goes_on(asking, point, verdict)
        return
    for point, again in list(product(window, ENDS))[::step]:
        verdict.check(await _dies_at(asking, point, again), f"{point}, {again} was not passed")
        await _was_cut_off(asking, f"{point} and {again or 'no more'}", verdict)
    await _is_told(asking, phone, verdict)


async def _passed(asking: Asking) -> list[str]:
    """Refresh once without a kill; return the failpoints from the lease to the stored pair, but for the window."""
    await asking.anew()
    noted = asking.stage.target.with_suffix(".passed")
    async with asking.running(1, 1):
        await asking.expire(early=True)
        noted.write_text("")
        await asking.answered(asking.call(1), 1)
    points = list(dict.fromkeys(noted.read_text().split()))
    noted.unlink()
    window = asking.spender.window
    steps = [each for each in points if each.startswith(("tokens.", asking.spender.call))]
    assert set(window) < set(steps), steps
    return [each for each in steps if each not in window]


async def _dies_at(asking: Asking, point: str, again: str) -> bool:
    """Begin anew with a token that has ended, die at this point, and, started again, at the next."""
    await asking.anew()
    await asking.expire(early=False)
    died = True
    for each in (point, *([again] if again else [])):
        (process,) = await asking.begin(1, 1)
        asking.stage.target.write_text(each)
        asking.call(1)
        await process.ended(within_s=30)
        died = died and not asking.stage.target.exists()
        asking.stage.target.unlink(missing_ok=True)
        await asking.set(lease_until=None)  # as it runs out; SQLite's is dropped at the start
    return died


async def _goes_on(asking: Asking, point: str, verdict: Verdict) -> None:
    """Started again, everybody gets an answer and nobody is asked to link."""
    failed = await _asked_again(asking)
    verdict.trials += 1
    verdict.check(not failed, f"{point}: started again, callers went away with {dict(failed)}")
    verdict.check(
        asking.stage.rows("SELECT state FROM shop") == [("linked",)], f"{point}: a link was given up"
    )
    verdict.check(_notices(asking) == 0, f"{point}: a notice for nothing")


async def _was_cut_off(asking: Asking, where: str, verdict: Verdict) -> None:
    """In the one window the link is lost: said once, however many ask."""
    await _asked_again(asking)
    verdict.trials += 1
    state = asking.stage.rows("SELECT state FROM shop")
    verdict.check(state == [("needs_relink",)], f"{where}: the shop is {state}")
    verdict.check(_notices(asking) == 1, f"{where}: {_notices(asking)} notices")


async def _asked_again(asking: Asking) -> Counter[str]:
    processes = min(2, asking.processes)
    async with asking.running(6, processes):
        return await asking.answered(asking.call(1), processes)


async def _is_told(asking: Asking, phone: Phone, verdict: Verdict) -> None:
    """Start the whole of StoreSync on what the last crash left: its chat hears of it once."""
    stage = asking.stage
    await stage.start_bot(asking.nursery)
    # Killed between a message and its mark, a server's view waits for the lease of that one.
    await phone.sees("is cut off", within_s=LEASE_S + 20)

    async def is_quiet() -> bool:
        waiting = stage.rows("SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')")
        return waiting == [(0,)]

    await until(is_quiet, "everything to be said")
    said = sum("is cut off" in each.text for each in await phone.messages())
    verdict.check(said == 1, f"the chat heard {said} times that its shop is cut off")
    await stage.kill_bot()


def _notices(asking: Asking) -> int:
    return int(asking.stage.rows("SELECT count(*) FROM outbox WHERE kind = 'shop_cut_off'")[0][0])
