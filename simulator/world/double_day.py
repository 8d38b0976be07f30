"""A double-day as it happens: a campaign at midnight, buyers by the plan, and some who think better of it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from heapq import heappop, heappush
from itertools import count
from random import Random

from simulator.world import parcels, trade
from simulator.world.couriers import COURIERS, DRAWN
from simulator.world.double_day_plan import HOURS, Ending, Plan, Purchase, Way
from simulator.world.orders import Order, OrderState
from simulator.world.promotions import Promotion, PromotionRow
from simulator.world.shelf import Shelf
from simulator.world.shops import Shop
from simulator.world.world import World

CAMPAIGN_GOODS = 8
CAMPAIGN_MOST_WANTED = 40
CAMPAIGN_STOCK = 20
CAMPAIGN_PRICE = Decimal("0.88")
INSTANT_COURIERS = {"ID": "GoSend Instant"}
TRIES = 30
CANCEL_REASON = "Need to change delivery address"


@dataclass(frozen=True, slots=True)
class Placed:
    purchase: Purchase
    order: Order


class DoubleDay:
    """Plays a plan in one shop. `lasts` is how long its 24 hours take by the world's clock."""

    def __init__(self, world: World, shop: Shop, plan: Plan, *, seed: int, lasts: timedelta) -> None:
        self.plan = plan
        self._world, self._shop, self._seed = world, shop, seed
        self._shelf = Shelf(shop)
        self.begins_at = world.clock.now()
        self.lasts = lasts
        self.placed: list[Placed] = []
        self.played: Counter[str] = Counter()
        self.campaign: Promotion | None = None
        self._steps = count()
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._to_be_printed: list[Placed] = []
        for purchase in plan.purchases:
            self._at(self.at_hour(purchase.hour), partial(self._place, purchase))

    def at_hour(self, hour: float) -> datetime:
        return self.begins_at + self._long(hour)

    def _long(self, hours: float) -> timedelta:
        return self.lasts * (hours / HOURS)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to happen; who cancels after the print waits for the print."""
        return not self._due and not self._to_be_printed

    @property
    def waiting_for_print(self) -> int:
        return len(self._to_be_printed)

    def cut_offs(self) -> dict[str, datetime]:
        """Say when each courier of the market comes for the last time on this day."""
        names = [*DRAWN.get(self._shop.market.region, DRAWN["ID"]), *self._instant()]
        return {name: self.at_hour(COURIERS[name].cut_off.hour) for name in names}

    def _instant(self) -> list[str]:
        region = self._shop.market.region
        return [INSTANT_COURIERS[region]] if region in INSTANT_COURIERS else []

    def open_campaign(self, lasts: timedelta) -> None:
        """Hold price and stock of some of the most wanted goods fast for a while."""
        now = self._world.clock.now()
        rows = {}
        for listing, variant in self._shelf.most_wanted(CAMPAIGN_MOST_WANTED):
            units = self._shop.available(variant, now)
            if units >= CAMPAIGN_STOCK and self._shop.ongoing_promotion(variant.id, now) is None:
                price = _rounded(variant.price * CAMPAIGN_PRICE, self._shop)
                rows[variant.id] = PromotionRow(listing.id, variant.id, price, units // 2)
            if len(rows) == CAMPAIGN_GOODS:
                break
        number, ends_at = self._world.next_promotion_id(), self.begins_at + lasts
        self.campaign = Promotion(number, "Double-day", now, ends_at, rows, locks_stock=True)
        self._world.run_promotion(self._shop, self.campaign)

    def play(self) -> None:
        """Let everything happen that is due by now."""
        now = self._world.clock.now()
        self._notice_prints()
        while self._due and self._due[0][0] <= now:
            _, _, act = heappop(self._due)
            try:
                act()
            except trade.TradeError:
                self.played["came_too_late"] += 1

    def _at(self, moment: datetime, act: Callable[[], None]) -> None:
        heappush(self._due, (moment, next(self._steps), act))

    def _after(self, hours: float, act: Callable[[], None]) -> None:
        self._at(self._world.clock.now() + self._long(hours), act)

    def _place(self, purchase: Purchase) -> None:
        order = self._order(purchase)
        if order is None:
            self.played["found_nothing"] += 1
            return
        placed = Placed(purchase, order)
        self.placed.append(placed)
        self.played["placed"] += 1
        if purchase.way is Way.SEVERAL_PARCELS:
            self._cut(placed)
        elif step := self._second_step(placed):
            self._after(purchase.step_after_h, step)
        if purchase.ending is Ending.CANCELLED:
            self._after(purchase.cancel_after_h, partial(self._cancel, placed))
        elif purchase.ending is Ending.CANCELLED_AFTER_PRINT:
            self._to_be_printed.append(placed)

    def _order(self, purchase: Purchase) -> Order | None:
        """Place an order for the first basket of which there is enough."""
        random = Random(f"double-day {self._seed}, buyer {purchase.number}")
        instant = self._instant()
        checkout = trade.Checkout(
            paid=purchase.way is not Way.PAID_LATER,
            held=purchase.way is Way.HELD,
            cod=purchase.cod,
            courier=instant[0] if purchase.way is Way.INSTANT and instant else None,
        )
        lines_at_least = 2 if purchase.way in {Way.SEVERAL_PARCELS, Way.CUT_LATER} else 1
        for _ in range(TRIES):
            basket = self._draw_basket(random, lines_at_least)
            try:
                return trade.place_order(self._world, self._shop, basket, checkout, random)
            except trade.TradeError:
                continue
        return None

    def _draw_basket(self, random: Random, lines_at_least: int) -> list[trade.Wanted]:
        basket = {wanted.variant.id: wanted for wanted in self._shelf.draw_basket(random)}
        if self.campaign and self.campaign.rows and random.random() < self.plan.campaign_basket:
            row = random.choice(list(self.campaign.rows.values()))
            found = self._shop.find_variant(row.listing_id, row.variant_id)
            if found:
                basket[row.variant_id] = self._shelf.draw_line(random, *found)
        while len(basket) < lines_at_least:
            basket |= {wanted.variant.id: wanted for wanted in self._shelf.draw_basket(random)}
        return list(basket.values())

    def _second_step(self, placed: Placed) -> Callable[[], None] | None:
        order = placed.order
        steps: dict[Way, Callable[[], None]] = {
            Way.PAID_LATER: partial(trade.pay, self._world, self._shop, order),
            Way.HELD: partial(trade.move, self._world, self._shop, order, OrderState.TO_SHIP),
            Way.CUT_LATER: partial(self._cut, placed),
        }
        return steps.get(placed.purchase.way)

    def _cut(self, placed: Placed) -> None:
        first, *others = placed.order.lines
        parcels.cut(self._world, self._shop, placed.order, [[first], others])
        self.played["cut"] += 1

    def _cancel(self, placed: Placed) -> None:
        is_printed = any(parcel.prints for parcel in placed.order.parcels)
        trade.cancel(self._world, self._shop, placed.order, by="buyer", reason=CANCEL_REASON)
        self.played["cancelled_after_print" if is_printed else "cancelled_before_print"] += 1

    def _notice_prints(self) -> None:
        """Buyers who cancel after the print do so a little while after it."""
        printed = [p for p in self._to_be_printed if any(parcel.prints for parcel in p.order.parcels)]
        for placed in printed:
            self._to_be_printed.remove(placed)
            self._after(placed.purchase.cancel_after_h, partial(self._cancel, placed))


def _rounded(price: Decimal, shop: Shop) -> Decimal:
    return price.quantize(Decimal(1).scaleb(-shop.market.decimals))
