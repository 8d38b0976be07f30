"""Which fact of the world sends which push, and what passing time alone makes true."""

from datetime import timedelta
from typing import Any

from simulator.lazada import numbers
from simulator.lazada.calls.order_wire import status_of, unit_numbers
from simulator.lazada.calls.returns import units_back
from simulator.lazada.simulation import Simulation
from simulator.world.events import OrderChanged, PriceChanged, ReturnChanged, StockChanged, WorldEvent
from simulator.world.orders import Order, OrderState
from simulator.world.parcels import tell_numbers
from simulator.world.returns import ReturnState
from simulator.world.shops import Shop

WARN_AHEAD = timedelta(hours=48)
LOW_STOCK = 5
_PUSHED = {
    ReturnState.ASKED: "RTM_INIT",
    ReturnState.AGREED: "RTM_INIT",
    ReturnState.COMING_BACK: "RTM_SHIPPING_BACK",
    ReturnState.JUDGING: "REFUND_PENDING",
    ReturnState.DISPUTED: "REFUND_REJECTED",
    ReturnState.SETTLED: "REFUND_SUCCESS",
    ReturnState.CALLED_OFF: "RTM_CANCELED",
}


class Announcer:
    def __init__(self, simulation: Simulation) -> None:
        self._sim = simulation
        simulation.world.subscribe(self.on_event)

    def on_event(self, event: WorldEvent) -> None:
        if not self._sim.is_linked(event.shop_id):
            return
        shop = self._sim.world.shops[event.shop_id]
        if isinstance(event, OrderChanged):
            self._order(shop, shop.orders[event.order_sn], int(event.at.timestamp()))
        elif isinstance(event, PriceChanged):
            self._product(shop, event.listing_id, event.variant_id)
        elif isinstance(event, StockChanged):
            self._stock(shop, event)
        elif isinstance(event, ReturnChanged):
            self._return(shop, event.number)

    def _order(self, shop: Shop, order: Order, at: int) -> None:
        """Tell of every unit by itself, as the platform does."""
        for line in order.lines:
            for unit in unit_numbers(line):
                word = status_of(self._sim, order, line, unit)
                fields: dict[str, Any] = {
                    "order_status": word,
                    "trade_order_id": str(numbers.order_id(order.order_sn)),
                    "trade_order_line_id": str(unit),
                    "status_update_time": at,
                }
                if word == "canceled" or order.state is OrderState.CANCEL_ASKED:
                    fields["reverse_order_id"] = str(numbers.cancel_id(order.order_sn))
                    fields["reverse_order_line_id"] = str(numbers.reverse_line_id(unit))
                self.send(0, shop, fields)

    def _product(self, shop: Shop, listing_id: int, variant_id: int) -> None:
        found = shop.find_variant(listing_id, variant_id)
        item, sku = numbers.item_id(listing_id), numbers.sku_id(variant_id)
        fields = {
            "item_id": item,
            "sku_list": [
                {
                    "sku_id": sku,
                    "seller_sku": found[1].spec.sku if found else "",
                    "shop_sku": f"{item}_{shop.market.region}-{sku}",
                }
            ],
            "action": "EDITED_UPDATED",
            "status_update_time": int(self._sim.clock.now().timestamp() * 1000),
        }
        self.send(4, shop, fields)

    def _stock(self, shop: Shop, event: StockChanged) -> None:
        """Tell when little is left of a SKU. It names no product."""
        if event.new >= LOW_STOCK or event.old < LOW_STOCK:
            return
        found = shop.find_variant(event.listing_id, event.variant_id)
        fields = {
            "sku_id": numbers.sku_id(event.variant_id),
            "seller_sku": found[1].spec.sku if found else "",
            "warehouse": event.location,
            "real_quantity": event.new,
            "withhold_quantity": 0,
            "occupy_quantity": 0,
            "pre_order_quantity": 0,
        }
        self.send(6, shop, fields)

    def _return(self, shop: Shop, number: str) -> None:
        back = shop.returns[number]
        for _, unit in units_back(back):
            fields = {
                "reverse_order_id": numbers.reverse_id(number),
                "reverse_order_line_id": numbers.reverse_line_id(unit),
                "reverse_status": _PUSHED[back.state],
                "trade_order_id": numbers.order_id(back.order.order_sn),
                "trade_order_line_id": unit,
                "buyer_id": numbers.buyer_id(back.order.buyer.user_id),
                "seller_id": shop.id,
                "status_update_time": int(back.updated_at.timestamp()),
                "extraParams": {},
            }
            self.send(10, shop, fields)

    def send(self, kind: int, shop: Shop, fields: dict[str, Any], *, seller: str | None = None) -> None:
        """Push to the one address of the app; the time is in ms for one type and in s for the others."""
        now = self._sim.clock.now().timestamp()
        body = {
            "seller_id": str(shop.id) if seller is None else seller,
            "message_type": kind,
            "data": fields,
            "timestamp": int(now * 1000) if kind == 0 else int(now),
            "site": f"lazada_{shop.market.region.lower()}" if kind != 4 else f"LAZADA_{shop.market.region}",
        }
        self._sim.pushes.send(kind, shop.id, body)

    def watch(self) -> None:
        """Let happen what passing time alone brings: numbers, and consents near their end, told once a day."""
        now = self._sim.clock.now()
        tell_numbers(self._sim.world)
        for grant in self._sim.tokens.grants.values():
            ends_soon = self._sim.tokens.is_alive(grant) and grant.until - now <= WARN_AHEAD
            if not ends_soon or grant.warned_on == now.toordinal():
                continue
            grant.warned_on = now.toordinal()
            for shop_id in grant.account.shops:
                fields = {
                    "app_key": self._sim.app.key,
                    "seller_id": str(shop_id),
                    "auth_expiry_time": int(grant.until.timestamp()),
                }
                self.send(8, self._sim.world.shops[shop_id], fields, seller="null")
