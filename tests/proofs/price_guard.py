"""P12, `price-guard`: whatever is typed, edited and raised meanwhile, no price leaves that nobody may have."""

import contextlib
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

import pytest

from domain.amounts import parse_amount
from domain.bulk import Move, Recipe
from domain.caps import Limits, find_excess
from domain.changes import check_price
from domain.chats import Visitor
from domain.errors import StoreSyncError
from domain.money import Money
from domain.tickets import Action
from services import applying, guards
from services.views import PressResult, Proposal
from tests.factories import DAY, HOUR, change, listing_snapshot, money, variant_snapshot
from tests.fakes.platform import FakeShop
from tests.integration.services.bulking import Rack
from tests.integration.services.house import House
from tests.proofs.houses import open_houses, staffed
from tests.proofs.trial import Trial
from tests.proofs.verdict import Verdict

T = TypeVar("T")

LAMPS = 40
PER_CHANGE, PER_DAY = 30, 50
BULK_EVERY = 130
SLIPS = (
    "x10",
    "/10",
    "0",
    "negative",
    "exponent",
    "half a percent",
    "comma",
    "point",
    "both",
    "words",
    "huge",
)


@dataclass(frozen=True, slots=True)
class Said:
    """One yes to a price: from which to which, and whether somebody else than the asker gave it."""

    before: Decimal
    after: Decimal
    is_second: bool


@dataclass(slots=True)
class Lamp:
    """One price as an onlooker knows it, beside all our books."""

    sku: str
    listing: str
    variant_id: str = ""
    floor: Decimal | None = None
    said: list[Said] = field(default_factory=list)
    day: list[tuple[Any, Decimal]] = field(default_factory=list)
    """When a price left within the last day, and what the shop showed before it."""


async def price_guard(trial: Trial) -> Verdict:
    """P12: no write below the floor, none beyond a limit without a second person, none over another's price."""
    verdict, random = trial.verdict(), trial.random
    with _sabotage(trial):
        async with open_houses("sqlite") as (house, _):
            market = Market(house, random, verdict)
            await market.open()
            for _ in range(trial.size(400, 5_000)):
                await market.change_one()
                verdict.trials += 1
                if verdict.trials % BULK_EVERY == 0:
                    await market.change_many()
    typed_only(trial.size(10_000, 100_000), random, verdict)
    return verdict


@dataclass(slots=True)
class Market:
    """A shop of lamps, people who mistype, a seller centre and floors that move meanwhile."""

    house: House
    random: Random
    verdict: Verdict
    people: list[Visitor] = field(default_factory=list)
    lamps: list[Lamp] = field(default_factory=list)
    truth: FakeShop = field(init=False)

    async def open(self) -> None:
        self.lamps = [Lamp(f"LAMP-{at:03d}", f"9{at:05d}") for at in range(LAMPS)]
        listings = [
            listing_snapshot(each.listing, variant_snapshot(sku=each.sku), title=f"Lampu {each.sku}")
            for each in self.lamps
        ]
        _, self.truth = await self.house.stocked(*listings)
        for each in self.lamps:
            [row] = await self.house.services.stock.by_sku(self.house.owner, each.sku)
            each.variant_id = row.variant_id
        self.people = [self.house.owner, *await staffed(self.house)]
        for name in ("writes", "asked", "refused", "seconded", "bulks"):
            self.verdict.numbers[name] = 0

    async def change_one(self) -> None:
        """Ask for one price the way people do, with whatever happens between, and see what leaves."""
        lamp = self.random.choice(self.lamps)
        asker = self.random.choice(self.people)
        asked = await _refused_or(self._ask(lamp, asker))
        self.verdict.numbers["asked" if asked else "refused"] += 1
        if asked:
            await self._meanwhile(lamp)
            await self._decide(lamp, asked, asker)
            await self._meanwhile(lamp)
            await self._work(lamp)
        self.house.clock.advance(HOUR / 60 * self.random.choice((1, 5, 60)))

    async def change_many(self) -> None:
        """Ask for all prices as one, with whatever happens between, and see what leaves of each."""
        asker = self.random.choice(self.people)
        recipe = Recipe(Move.PERCENT, Decimal(self.random.choice((-45, -35, -25, -8, 9, 28, 40))))
        rack = Rack(self.house)
        card = await _refused_or(rack.asked(recipe, by=asker))
        if card is None or not card.lines:
            return
        for lamp in self.random.sample(self.lamps, 12):
            await self._meanwhile(lamp)
        for presser in (asker, self.random.choice(self.people)):
            pressed = await _refused_or(rack.press(card, Action.APPROVE_BULK, by=presser))
            if pressed and pressed.result is PressResult.BULK_APPROVED:
                is_second = presser.member.user_id != asker.member.user_id
                self.verdict.numbers["seconded"] += is_second
                by_sku = {each.shown.sku: each for each in card.lines}
                for lamp in self.lamps:
                    if line := by_sku.get(lamp.sku):
                        lamp.said.append(Said(line.before.amount, line.after.amount, is_second))
                break
        for lamp in self.random.sample(self.lamps, 12):
            await self._meanwhile(lamp)
        before = {lamp.sku: self._shop_price(lamp) for lamp in self.lamps}
        await rack.apply(card)
        for lamp in self.lamps:
            if self._shop_price(lamp) != before[lamp.sku]:
                self._judge(lamp, before[lamp.sku], self._shop_price(lamp))
            lamp.said.clear()
        self.house.bazaar.pushed.clear()
        self.verdict.numbers["bulks"] += 1
        await self._read_all()
        self.house.clock.advance(HOUR)

    async def _read_all(self) -> None:
        shop = await self.house.shop_of("600011")
        for at in range(0, len(self.lamps), 4):
            await self.house.services.sync.fetch_listings(
                shop, [each.listing for each in self.lamps[at : at + 4]]
            )

    async def _ask(self, lamp: Lamp, asker: Visitor) -> Proposal:
        amount = parse_amount(_slip(self.random, int(self._shop_price(lamp))), "IDR")
        key = f"asked:{self.verdict.trials}"
        return await self.house.services.prices.propose(asker, lamp.variant_id, amount, key)

    async def _meanwhile(self, lamp: Lamp) -> None:
        """Now and then somebody edits the price in the shop, or moves the floor."""
        happens = self.random.random()
        if happens < 0.08:
            edited = int(self._shop_price(lamp)) * self.random.randint(80, 125) // 100
            self.truth.set_price(lamp.listing, money(max(edited, 1000)))
        elif happens < 0.2:
            at = int(self._shop_price(lamp)) * self.random.randint(50, 105) // 100
            floor = None if self.random.random() < 0.5 else Decimal(max(at, 1))
            await self.house.services.prices.set_floor(self.house.owner, lamp.variant_id, floor)
            lamp.floor = floor

    async def _decide(self, lamp: Lamp, asked: Proposal, asker: Visitor) -> None:
        """Let the one who asked press first, then somebody else, then nobody."""
        change = asked.prices[0].change
        for presser in (asker, self.random.choice(self.people)):
            pressed = await _refused_or(self.house.press(asked, Action.APPROVE, by=presser))
            if pressed and pressed.result is PressResult.APPROVED:
                is_second = presser.member.user_id != asker.member.user_id
                self.verdict.numbers["seconded"] += is_second
                lamp.said.append(Said(change.before.amount, change.after.amount, is_second))
                return

    async def _work(self, lamp: Lamp) -> None:
        for seller_id, change_id in await self.house.services.applying.due():
            await self.house.services.applying.apply(seller_id, change_id)
        for before, after in self.house.bazaar.pushed:
            self._judge(lamp, before.amount, after.amount)
        self.house.bazaar.pushed.clear()
        lamp.said.clear()
        # Our books learn what the shop shows by the poll, as ever.
        shop = await self.house.shop_of("600011")
        await self.house.services.sync.fetch_listings(shop, [lamp.listing])

    def _judge(self, lamp: Lamp, before: Decimal, after: Decimal) -> None:
        """Compare one price that left with what may leave; `before` is what the shop showed just then."""
        now, check = self.house.clock(), self.verdict.check
        self.verdict.numbers["writes"] += 1
        words = f"{lamp.sku}: {before} -> {after}"
        said = [each for each in lamp.said if (each.before, each.after) == (before, after)]
        check(bool(said), f"{words} is not what was approved")
        check(after > 0 and after == after.to_integral_value(), f"{words} is no price in IDR")
        check(lamp.floor is None or after >= lamp.floor, f"{words} is below the floor {lamp.floor}")
        lamp.day = [(at, was) for at, was in lamp.day if now - at < DAY]
        began = lamp.day[0][1] if lamp.day else before
        is_seconded = any(each.is_second for each in said)
        check(
            is_seconded or not _is_far(before, began, after),
            f"{words} (day from {began}) is too far for one person",
        )
        lamp.day.append((now, before))

    def _shop_price(self, lamp: Lamp) -> Decimal:
        return self.truth.price(lamp.listing).amount


def typed_only(count: int, random: Random, verdict: Verdict) -> None:
    """Ask the guards alone, so often that rare slips come up, and compare with sums of our own."""
    for _ in range(count):
        before, began = random.randint(1_000, 10**7), random.randint(1_000, 10**7)
        floor = random.choice((None, random.randint(1, 10**7)))
        verdict.trials += 1
        try:
            after = parse_amount(_slip(random, before), "IDR")
        except StoreSyncError:
            continue
        if check_price(money(before), Money(after, "IDR"), money(floor) if floor else None):
            continue
        asked = change(before, str(after))
        is_one_tap = find_excess([asked], Limits(), {asked.listing_variant_id: money(began)}) is None
        words = f"typed: {before} (day from {began}) -> {after}"
        verdict.check(after > 0 and after == int(after), f"{words} is no price in IDR")
        verdict.check(floor is None or after >= floor, f"{words} is below the floor {floor}")
        verdict.check(
            not (is_one_tap and _is_far(Decimal(before), Decimal(began), after)), f"{words} is one tap"
        )


def _is_far(before: Decimal, began: Decimal, after: Decimal) -> bool:
    return abs(after - before) * 100 > PER_CHANGE * before or abs(after - began) * 100 > PER_DAY * began


def _slip(random: Random, price: int) -> str:
    """Return what somebody types who means a price near this one."""
    if random.random() < 0.35:
        return str(price * random.randint(72, 128) // 100)
    if random.random() < 0.3:
        return str(price * random.randint(40, 220) // 100)
    meant = price * 95 // 100
    grouped = f"{meant:,}"
    return {
        "x10": str(meant * 10),
        "/10": str(meant // 10),
        "0": "0",
        "negative": f"-{meant}",
        "exponent": f"{meant}.50",
        "half a percent": str(price + max(price // 200, 1)),
        "comma": grouped,
        "point": grouped.replace(",", "."),
        "both": f"{grouped}.00",
        "words": f"Rp {meant // 1000}rb",
        "huge": "9" * 14,
    }[random.choice(SLIPS)]


async def _refused_or(what: Coroutine[Any, Any, T]) -> T | None:
    try:
        return await what
    except StoreSyncError:
        return None


@contextlib.contextmanager
def _sabotage(trial: Trial) -> Iterator[None]:
    """Ask the guards at the request only, not again before a price leaves."""
    with pytest.MonkeyPatch.context() as patch:
        if trial.is_broken:
            patch.setattr(applying, "refusal_at_last", lambda *_: "")
            patch.setattr(guards, "refusals_at_last", lambda *_: {})
        yield
