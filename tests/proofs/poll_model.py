"""P5, `poll-model`: polling alone finds every order of a platform that shows them late and moves while it is read.

How far a reading reaches back, how wide a window may be and how late a list may show things is each platform's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from adapters.registry import INFOS
from domain.errors import PlatformUnavailable, RequestRejected
from domain.orders import OrderSnapshot, OrderStatus
from domain.platform import Page, PlatformInfo, Window
from domain.platform.orders import NOTHING
from domain.shops import Shop, ShopAccess
from services.sync import ORDERS
from tests import factories
from tests.fakes.platform import INFO, SLUG
from tests.integration.services.house import House
from tests.proofs.houses import open_houses
from tests.proofs.trial import Trial
from tests.proofs.verdict import Verdict

GRACE = timedelta(seconds=60)
SKEW_S = (-300, 0, 300)
PAGE = 3
PACE = ("window", "overlap", "visibility_lag")
POLLS = 8
LONGEST_GAP = timedelta(days=17)
"""More than one window; with the days before the first reading it stays below the month that this covers."""
PATH = (
    OrderStatus.UNPAID,
    OrderStatus.TO_SHIP,
    OrderStatus.ARRANGED,
    OrderStatus.SHIPPED,
    OrderStatus.COMPLETED,
)
Key = tuple[datetime, str]


@dataclass(slots=True)
class Market:
    """The platform's side of one shop. Its list shows a change minutes late, its details at once."""

    house: House
    random: Random
    prefix: str
    skew: timedelta
    grain_s: int
    info: PlatformInfo
    orders: dict[str, OrderSnapshot] = field(default_factory=dict)
    listed: dict[str, Key] = field(default_factory=dict)
    late: list[tuple[datetime, Key]] = field(default_factory=list)
    is_moving: bool = True

    def pass_time(self, longest: timedelta) -> None:
        """Let some time go by, and something happen in it."""
        self.house.clock.advance(longest * self.random.random())
        if self.is_moving and self.random.random() < 0.5:
            self._change()
        now = self.house.clock()
        for at, key in [each for each in self.late if each[0] <= now]:
            self.late.remove((at, key))
            self.listed[key[1]] = max(key, self.listed.get(key[1], key))

    def _change(self) -> None:
        now = self.house.clock()
        stamp = (now + self.skew).replace(microsecond=0)
        stamp -= timedelta(seconds=stamp.second % self.grain_s)
        moving = [each for each in self.orders.values() if each.status is not PATH[-1]]
        if moving and self.random.random() < 0.6:
            known = self.random.choice(moving)
            status = PATH[PATH.index(known.status) + 1]
            seen = replace(
                known, status=status, raw_status=status, updated_at=max(stamp, known.updated_at), digest=""
            )
        else:
            number = f"{self.prefix}{len(self.orders):04d}"
            seen = factories.order_snapshot(number, PATH[0], placed_at=stamp, updated_at=stamp)
        self.orders[seen.external_id] = replace(seen, digest=f"{seen.external_id}:{seen.status}")
        self.late.append((now + self._latest * self.random.random(), (seen.updated_at, seen.external_id)))

    @property
    def _latest(self) -> timedelta:
        """Return how late the list may be: what a platform says it takes, and a minute more."""
        return self.info.visibility_lag + GRACE

    def trouble(self, operation: str) -> None:
        if self.is_moving and self.random.random() < 0.08:
            raise PlatformUnavailable(platform=SLUG, operation=operation, reason="502")

    # What the platform answers

    async def orders_changed(self, _shop: ShopAccess, window: Window, cursor: str) -> Page:
        self.pass_time(timedelta(seconds=5))
        self.trouble("orders_changed")
        if window.end - window.start > self.info.window:
            raise RequestRejected(platform=SLUG, operation="orders_changed", reason="window_too_long")
        after = (datetime.fromisoformat(cursor[:25]), cursor[25:]) if cursor else None
        start = window.start.replace(microsecond=0)
        found = sorted(
            key
            for key in self.listed.values()
            if start <= key[0] <= window.end and (after is None or key > after)
        )
        page = found[:PAGE]
        following = f"{page[-1][0].isoformat()}{page[-1][1]}" if len(found) > PAGE else None
        return Page(tuple(number for _, number in page), following)

    async def fetch_orders(
        self, _shop: ShopAccess, ids: Sequence[str], stored: Mapping[str, str] = NOTHING
    ) -> Sequence[OrderSnapshot]:
        del stored
        self.pass_time(timedelta(seconds=5))
        self.trouble("fetch_orders")
        return [self.orders[each] for each in ids]


class Markets:
    """The `Orders` role over all shops of the trial."""

    def __init__(self) -> None:
        self.of: dict[str, Market] = {}

    async def orders_changed(self, shop: ShopAccess, window: Window, cursor: str) -> Page:
        return await self.of[shop.external_id].orders_changed(shop, window, cursor)

    async def fetch_orders(
        self, shop: ShopAccess, ids: Sequence[str], stored: Mapping[str, str] = NOTHING
    ) -> Sequence[OrderSnapshot]:
        return await self.of[shop.external_id].fetch_orders(shop, ids, stored)


async def poll_model(trial: Trial) -> Verdict:
    """P5: late and skewed lists, equal times, changes and failures on any page, long gaps: no order lost, none stale."""
    verdict, markets = trial.verdict(), Markets()
    async with open_houses("sqlite") as (house, _):
        paces = [
            replace(INFO, **{name: getattr(info, name) for name in PACE}) for info in (INFO, *INFOS.values())
        ]
        for seed in range(trial.seed, trial.seed + trial.size(60, 10_000)):
            info = paces[seed % len(paces)]
            nothing = timedelta(0)
            used = replace(info, overlap=nothing, visibility_lag=nothing) if trial.is_broken else info
            house.bazaar.platform = replace(house.bazaar.platform, info=used, orders=markets)
            house.services = house.another()
            await _play(house, markets, info, seed, verdict)
    return verdict


async def _play(house: House, markets: Markets, info: PlatformInfo, seed: int, verdict: Verdict) -> None:
    random = Random(seed)  # noqa: S311 - a trial must be repeatable
    seller = await house.found("Sari", 5000 + seed)
    shop = await house.link(f"9{seed}", by=seller)
    skew = timedelta(seconds=random.choice(SKEW_S))
    market = markets.of[shop.external_id] = Market(
        house, random, f"{seed}N", skew, random.choice((1, 10, 60)), info
    )
    for _ in range(random.randrange(12)):
        market.pass_time(timedelta(days=1))
    gap_at = random.randrange(3 * POLLS)
    for number in range(POLLS):
        for _ in range(random.randrange(1, 8)):
            market.pass_time(timedelta(minutes=2))
        if number == gap_at:
            house.clock.advance(LONGEST_GAP * random.random())
        await house.services.sync.poll(shop.id, ORDERS)
    market.is_moving = False
    for _ in range(3):
        house.clock.advance(timedelta(minutes=5))
        market.pass_time(timedelta(0))
        await house.services.sync.poll(shop.id, ORDERS)
    await _judge(house, shop, market, seed, verdict)


async def _judge(house: House, shop: Shop, market: Market, seed: int, verdict: Verdict) -> None:
    for number, truth in market.orders.items():
        held = await house.order(shop, number)
        verdict.trials += 1
        verdict.check(held is not None, f"seed {seed}: order {number} is lost")
        if held is not None:
            verdict.check(
                held.status is truth.status, f"seed {seed}: order {number} is held as {held.status}"
            )
    orders = verdict.numbers.get("orders", 0) + len(market.orders)
    verdict.numbers |= {"orders": orders, "seeds": verdict.numbers.get("seeds", 0) + 1}
