"""Controls over returns: the buyer proposes or gives up, goods travel, the platform looks and judges."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from simulator.shopee.calls.returns import STATUS
from simulator.shopee.simulation import Simulation
from simulator.shopee.wanted import UnknownThingError, as_bool
from simulator.world import trade
from simulator.world.returns import Offer, Return, ReturnState
from simulator.world.shops import Shop

Fields = dict[str, Any]

MOVES = {
    "withdraw": ReturnState.CALLED_OFF,
    "send_back": ReturnState.COMING_BACK,
    "judge": ReturnState.JUDGING,
    "settle": ReturnState.SETTLED,
}


class ReturnControls:
    def __init__(self, simulation: Simulation) -> None:
        self._sim = simulation
        self._others: dict[str, Callable[[Return, Fields], None]] = {
            "offer": self._offer,
            "warehouse": self._check_in_warehouse,
        }

    async def act(self, fields: Fields) -> Fields:
        action = str(fields["action"])
        shop, back = self._find(str(fields["number"]))
        if action in MOVES:
            trade.settle(self._sim.world, shop, back, MOVES[action])
        elif action in self._others:
            self._others[action](back, fields)
            back.touch(self._sim.clock.now())
        else:
            known = sorted({*MOVES, *self._others})
            raise UnknownThingError(f"There is no action {action!r}; choose one of {known}.")
        return {"return_sn": back.number, "status": STATUS[back.state]}

    def _offer(self, back: Return, fields: Fields) -> None:
        wants_goods = as_bool(fields, "goods", default=False)
        back.offer = Offer(Decimal(str(fields["amount"])), wants_goods, is_buyers=True)

    def _check_in_warehouse(self, back: Return, _fields: Fields) -> None:
        back.is_warehouse_checked = True

    def _find(self, number: str) -> tuple[Shop, Return]:
        for shop in self._sim.world.shops.values():
            if back := shop.returns.get(number):
                return shop, back
        raise UnknownThingError(f"There is no return {number}.")
