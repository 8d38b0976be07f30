"""Controls over a double-day, the same at every platform: begin one, and see how far it is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from simulator.world.double_day import DoubleDay
from simulator.world.double_day_plan import Way, draw_plan
from simulator.world.orders import Order
from simulator.world.shops import Shop
from simulator.world.world import World

Fields = dict[str, Any]
DAY_S = 86_400.0
MOST = 100_000


def begin(world: World, days: dict[int, DoubleDay], shop: Shop, fields: Fields, lacks: set[Way]) -> Fields:
    """Begin a day now. `lacks` are ways of buying that this platform does not know.

    `orders`, `seed`, `lasts_s` by the simulator's clock, `cancelled`, `after_print`, `campaign`, and
    `campaign_lasts_s` where that is not as long as the day.
    """
    if shop.id in days and not days[shop.id].is_over:
        raise ValueError("This shop has a double-day already.")
    orders, seed = int(fields.get("orders", 800)), int(fields.get("seed", 11))
    lasts_s, campaign = float(fields.get("lasts_s", DAY_S)), fields.get("campaign", True)
    if not isinstance(campaign, bool):
        raise TypeError("campaign should be true or false.")
    if not 1 <= orders <= MOST or lasts_s <= 0:
        raise ValueError(f"orders should be from 1 to {MOST}, and lasts_s above 0.")
    chosen = {name: int(fields[name]) for name in ("cancelled", "after_print") if name in fields}
    plan = draw_plan(seed, orders, lacks=lacks, **chosen)
    day = DoubleDay(world, shop, plan, seed=seed, lasts=timedelta(seconds=lasts_s))
    if campaign:
        day.open_campaign(timedelta(seconds=float(fields.get("campaign_lasts_s", lasts_s))))
    days[shop.id] = day
    world.clock.on_change(day.play)
    day.play()
    return described(day)


def told(day: DoubleDay, number_of: Callable[[Order], str]) -> Fields:
    """Tell how far a day is, and who bought what, by the platform's own numbers."""
    return {
        **described(day),
        "purchases": [
            {
                "order_sn": number_of(placed.order),
                "number": placed.purchase.number,
                "way": placed.purchase.way,
                "cod": placed.purchase.cod,
                "ending": placed.purchase.ending,
            }
            for placed in day.placed
        ],
    }


def described(day: DoubleDay) -> Fields:
    return {
        "over": day.is_over,
        "begins_at": day.begins_at.timestamp(),
        "ends_at": day.at_hour(24).timestamp(),
        "cut_offs": {courier: at.timestamp() for courier, at in day.cut_offs().items()},
        "campaign_id": day.campaign.id if day.campaign else None,
        "planned": day.plan.counts(),
        "played": dict(day.played),
        "waiting_for_print": day.waiting_for_print,
    }
