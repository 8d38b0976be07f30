"""Controls over a double-day: begin one, and see how far it is."""

from typing import Any

from simulator.shopee.simulation import Simulation
from simulator.shopee.wanted import UnknownThingError, find_shop
from simulator.stand_in.double_day import begin, told

Fields = dict[str, Any]


class DoubleDayControls:
    def __init__(self, simulation: Simulation) -> None:
        self._sim = simulation

    async def begin(self, fields: Fields) -> Fields:
        return begin(self._sim.world, self._sim.double_days, find_shop(self._sim, fields), fields, set())

    def look(self, fields: Fields) -> Fields:
        day = self._sim.double_days.get(find_shop(self._sim, fields).id)
        if day is None:
            raise UnknownThingError("This shop has no double-day.")
        return told(day, lambda order: order.order_sn)
