"""Controls over orders and returns: a buyer buys, pays, changes his mind; a courier comes; goods come back."""

from collections.abc import Callable
from typing import Any

from simulator.lazada import numbers
from simulator.lazada.calls.order_wire import order_status
from simulator.lazada.simulation import Simulation
from simulator.lazada.statuses import reverse_status
from simulator.lazada.wanted import UnknownThingError, as_bool, find_shop, find_variant
from simulator.world import parcels, trade
from simulator.world.orders import Order, OrderState
from simulator.world.returns import Return, ReturnState
from simulator.world.shops import Shop
from simulator.world.world import World

Fields = dict[str, Any]
Step = Callable[[World, Shop, Order], object]

STEPS: dict[str, Step] = {
    "hold": lambda world, shop, order: trade.pay(world, shop, order, held=True),
    "await_invoice": lambda world, shop, order: trade.pay(world, shop, order, needs_invoice=True),
    "release": lambda world, shop, order: trade.move(world, shop, order, OrderState.TO_SHIP),
    "arrange": parcels.arrange,
    "pickup": parcels.hand_over,
    "ship": parcels.hand_over,
    "pickup_fails": parcels.fail_pickup,
    "deliver": lambda world, shop, order: trade.move(world, shop, order, OrderState.DELIVERED),
    "complete": lambda world, shop, order: trade.move(world, shop, order, OrderState.COMPLETED),
    "refuse_cancel": trade.refuse_cancel,
    "return": trade.bring_back,
    "split": lambda world, shop, order: parcels.cut(world, shop, order, [[line] for line in order.lines]),
}
RETURN_MOVES = {
    "withdraw": ReturnState.CALLED_OFF,
    "send_back": ReturnState.COMING_BACK,
    "judge": ReturnState.JUDGING,
    "settle": ReturnState.SETTLED,
}


class OrderControls:
    def __init__(self, simulation: Simulation) -> None:
        self._sim = simulation

    async def place(self, fields: Fields) -> Fields:
        """A buyer checks out: `lines` of a SKU and a quantity; `pay`, `hold`, `cod`, `note`, `courier`."""
        shop = find_shop(self._sim, fields)
        basket = []
        for line in fields["lines"]:
            _, listing, variant = find_variant(self._sim, {"shop_id": shop.id, **line})
            basket.append(trade.Wanted(listing, variant, int(line.get("quantity", 1))))
        checkout = trade.Checkout(
            paid=as_bool(fields, "pay", default=True),
            held=as_bool(fields, "hold", default=False),
            cod=as_bool(fields, "cod", default=False),
            note=fields.get("note"),
            courier=fields.get("courier"),
        )
        return self._described(trade.place_order(self._sim.world, shop, basket, checkout))

    async def act(self, fields: Fields) -> Fields:
        action = str(fields["action"])
        shop, order = self._find(str(fields["sn"]))
        world = self._sim.world
        reason = str(fields.get("reason", "Need to change delivery address"))
        if action == "cancel":
            trade.cancel(world, shop, order, by=str(fields.get("by", "buyer")), reason=reason)
        elif action == "pay":
            trade.pay(world, shop, order)
        elif action == "ask_cancel":
            trade.ask_to_cancel(world, shop, order, reason)
        elif action in STEPS:
            STEPS[action](world, shop, order)
        else:
            known = sorted({*STEPS, "cancel", "ask_cancel", "pay"})
            raise UnknownThingError(f"There is no action {action!r}; choose one of {known}.")
        return self._described(order)

    async def act_on_return(self, fields: Fields) -> Fields:
        action = str(fields["action"])
        shop, back = self._find_return(str(fields["number"]))
        if action == "warehouse":
            back.is_warehouse_checked = True
            back.touch(self._sim.clock.now())
            return {"return_sn": str(numbers.reverse_id(back.number)), "status": reverse_status(back)}
        if action not in RETURN_MOVES:
            known = sorted({*RETURN_MOVES, "warehouse"})
            raise UnknownThingError(f"There is no action {action!r}; choose one of {known}.")
        trade.settle(self._sim.world, shop, back, RETURN_MOVES[action])
        return {"return_sn": str(numbers.reverse_id(back.number)), "status": reverse_status(back)}

    def _find(self, number: str) -> tuple[Shop, Order]:
        for shop in self._sim.world.shops.values():
            if order := self._sim.index.order(shop, number):
                return shop, order
        raise UnknownThingError(f"There is no order {number}.")

    def _find_return(self, number: str) -> tuple[Shop, Return]:
        for shop in self._sim.world.shops.values():
            if back := self._sim.index.returned(shop, number):
                return shop, back
        raise UnknownThingError(f"There is no return {number}.")

    def _described(self, order: Order) -> Fields:
        return {
            "order_sn": str(numbers.order_id(order.order_sn)),
            "status": order_status(self._sim, order),
            "total_amount": str(order.total),
            "update_time": int(order.updated_at.timestamp()),
        }
