"""Controls over orders and returns: a buyer buys, pays, changes his mind; a courier comes; goods come back."""

from collections.abc import Callable
from typing import Any

from simulator.tiktok_shop import numbers
from simulator.tiktok_shop.announcer import Announcer
from simulator.tiktok_shop.simulation import Simulation
from simulator.tiktok_shop.statuses import order_status, return_status
from simulator.tiktok_shop.wanted import UnknownThingError, as_bool, find_shop, find_variant
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
    def __init__(self, simulation: Simulation, announcer: Announcer) -> None:
        self._sim = simulation
        self._announcer = announcer

    async def place(self, fields: Fields) -> Fields:
        """A buyer checks out: `lines` of a SKU and a quantity; `pay`, `hold`, `cod`, `note`, `courier`, `tokopedia`."""
        shop = find_shop(self._sim, fields)
        basket = []
        for line in fields["lines"]:
            _, listing, variant = find_variant(self._sim, {"shop_id": shop.id, **line})
            basket.append(trade.Wanted(listing, variant, int(line.get("quantity", 1))))
        checkout = trade.Checkout(
            paid=as_bool(fields, "pay", default=True),
            held=as_bool(fields, "hold", default=bool(self._sim.remorse)),
            cod=as_bool(fields, "cod", default=False),
            note=fields.get("note"),
            courier=fields.get("courier"),
        )
        order = trade.place_order(self._sim.world, shop, basket, checkout)
        order.front = "TOKOPEDIA" if as_bool(fields, "tokopedia", default=False) else ""
        return _described(order)

    async def act(self, fields: Fields) -> Fields:
        action = str(fields["action"])
        shop, order = self._find(str(fields["sn"]))
        world = self._sim.world
        reason = str(fields.get("reason", "Need to change delivery address"))
        if action == "cancel":
            trade.cancel(world, shop, order, by=str(fields.get("by", "buyer")), reason=reason)
        elif action == "pay":
            trade.pay(world, shop, order, held=bool(self._sim.remorse))
        elif action == "ask_cancel":
            trade.ask_to_cancel(world, shop, order, reason)
        elif action == "combine":
            self._combine(shop, order, str(fields["with"]))
        elif action in STEPS:
            STEPS[action](world, shop, order)
        else:
            known = sorted({*STEPS, "cancel", "ask_cancel", "combine", "pay"})
            raise UnknownThingError(f"There is no action {action!r}; choose one of {known}.")
        return _described(order)

    def _combine(self, shop: Shop, order: Order, other_number: str) -> None:
        """Put two orders of one courier into one package."""
        _, other = self._find(other_number)
        both = (order, other)
        if any(each.state is not OrderState.TO_SHIP or len(each.parcels) != 1 for each in both):
            raise trade.TradeError("Only orders of one parcel each that wait to be shipped can be combined.")
        other.parcels[0].number = order.parcels[0].number
        other.parcels[0].courier = order.parcels[0].courier
        for each in both:
            each.touch(self._sim.clock.now())
        self._announcer.packages_changed(shop, list(both), "COMBINE")

    async def act_on_return(self, fields: Fields) -> Fields:
        action = str(fields["action"])
        shop, back = self._find_return(str(fields["number"]))
        if action not in RETURN_MOVES:
            known = sorted(RETURN_MOVES)
            raise UnknownThingError(f"There is no action {action!r}; choose one of {known}.")
        trade.settle(self._sim.world, shop, back, RETURN_MOVES[action])
        return {"return_sn": numbers.return_id(back.number), "status": return_status(back)}

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


def _described(order: Order) -> Fields:
    return {
        "order_sn": numbers.order_id(order.order_sn),
        "status": order_status(order),
        "total_amount": str(order.total),
        "update_time": int(order.updated_at.timestamp()),
    }
