"""Controls over a double-day: begin one, and see how far it is."""

from datetime import timedelta
from typing import Any

from simulator.shopee.simulation import Simulation
from simulator.shopee.wanted import UnknownThingError, as_bool, find_shop
from simulator.world.double_day import DoubleDay
from simulator.world.double_day_plan import draw_plan

Fields = dict[str, Any]
DAY_S = 86_400.0


class DoubleDayControls:
    def __init__(self, simulation: Simulation) -> None:
        self._sim = simulation

    async def begin(self, fields: Fields) -> Fields:
        """Begin a day now: `orders`, `seed`, `lasts_s` by the simulator's clock, `cancelled`, `after_print`, `campaign`."""
        shop = find_shop(self._sim, fields)
        if shop.id in self._sim.double_days and not self._sim.double_days[shop.id].is_over:
            raise ValueError("This shop has a double-day already.")
        orders, seed = int(fields.get("orders", 800)), int(fields.get("seed", 11))
        lasts_s = float(fields.get("lasts_s", DAY_S))
        if not 1 <= orders <= 100_000 or lasts_s <= 0:
            raise ValueError("orders should be from 1 to 100000, and lasts_s above 0.")
        plan = draw_plan(
            seed, orders, cancelled=_whole(fields, "cancelled"), after_print=_whole(fields, "after_print")
        )
        day = DoubleDay(self._sim.world, shop, plan, seed=seed, lasts=timedelta(seconds=lasts_s))
        if as_bool(fields, "campaign", default=True):
            day.open_campaign()
        self._sim.double_days[shop.id] = day
        self._sim.clock.on_change(day.play)
        day.play()
        return describe(day)

    def look(self, fields: Fields) -> Fields:
        day = self._sim.double_days.get(find_shop(self._sim, fields).id)
        if day is None:
            raise UnknownThingError("This shop has no double-day.")
        return {
            **describe(day),
            "purchases": [
                {
                    "order_sn": placed.order.order_sn,
                    "number": placed.purchase.number,
                    "way": placed.purchase.way,
                    "cod": placed.purchase.cod,
                    "ending": placed.purchase.ending,
                }
                for placed in day.placed
            ],
        }


def describe(day: DoubleDay) -> Fields:
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


def _whole(fields: Fields, name: str) -> int | None:
    return int(fields[name]) if name in fields else None
