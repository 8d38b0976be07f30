"""How fast we call: a bucket for each shop and one for each app, filled at the rates the app's row names.

What may wait (`domain/pace.py`) gets a share of each and takes turns, seller by seller: what is left is there
at once for what a person does. Where a platform says "too fast" or "no more today", what may wait stops asking.
"""

import asyncio
from collections import OrderedDict, defaultdict, deque
from datetime import datetime, timedelta

from aiolimiter import AsyncLimiter

from domain.pace import may_wait, seller
from domain.shops import PlatformApp

SHARE = 0.7
"""Of each rate, for what may wait."""


class Budgets:
    """Makes a call wait until its shop and its app have a request to spare."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str, float], AsyncLimiter] = {}
        self._turns: defaultdict[str, Turns] = defaultdict(Turns)
        self._rests: dict[tuple[str, str], datetime] = {}

    async def take(self, app: PlatformApp, shop: str) -> None:
        """Wait for one request. The shop's bucket comes first, so that a busy shop holds up no other."""
        if may_wait():
            if shop:
                await self._bucket(app.id, f"{shop}:calm", app.budget.per_shop * SHARE).acquire()
            await self._turns[app.id].take(
                seller(), self._bucket(app.id, ":calm", app.budget.per_app * SHARE)
            )
        if shop:
            await self._bucket(app.id, shop, app.budget.per_shop).acquire()
        await self._bucket(app.id, "", app.budget.per_app).acquire()

    def rest(self, app: PlatformApp, shop: str, now: datetime, pause_s: float) -> None:
        """Let what may wait leave a shop alone for a while, or with no shop the whole app."""
        until = now + timedelta(seconds=pause_s)
        self._rests[app.id, shop] = max(until, self._rests.get((app.id, shop), until))

    def rests_s(self, app: PlatformApp, shop: str, now: datetime) -> float:
        """Return how long a call must leave its shop alone yet; nothing for one that cannot wait."""
        if not may_wait():
            return 0.0
        ends = [self._rests[key] for key in {(app.id, shop), (app.id, "")} if key in self._rests]
        return max(((each - now).total_seconds() for each in ends), default=0.0)

    def _bucket(self, app: str, shop: str, per_second: float) -> AsyncLimiter:
        key = (app, shop, per_second)
        if key not in self._buckets:
            burst = max(1.0, per_second)
            self._buckets[key] = AsyncLimiter(burst, burst / per_second)
        return self._buckets[key]


class Turns:
    """Lets one after the other draw from a bucket, the sellers in turn, however many calls each has waiting."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        self._is_taken = False

    async def take(self, who: str, bucket: AsyncLimiter) -> None:
        if self._is_taken:
            await self._wait(who)
        self._is_taken = True
        try:
            await bucket.acquire()
        finally:
            self._pass_on()

    async def _wait(self, who: str) -> None:
        gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(who, deque()).append(gate)
        try:
            await gate
        except asyncio.CancelledError:
            if gate.done() and not gate.cancelled():
                self._pass_on()  # the turn came just as its owner went
            raise

    def _pass_on(self) -> None:
        while self._waiting:
            who, gates = self._waiting.popitem(last=False)
            gate = gates.popleft()
            if gates:
                self._waiting[who] = gates
            if not gate.done():
                gate.set_result(None)
                return
        self._is_taken = False
