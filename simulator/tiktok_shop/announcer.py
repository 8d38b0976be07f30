"""Which fact of the world sends which webhook, and what passing time alone makes true."""

from datetime import timedelta
from typing import Any

from simulator.tiktok_shop import aftersales, numbers
from simulator.tiktok_shop.calls.order_wire import shown_parcels
from simulator.tiktok_shop.calls.shop import TOPICS
from simulator.tiktok_shop.simulation import Simulation
from simulator.tiktok_shop.statuses import HELD, pushed_status, return_status
from simulator.tiktok_shop.tokens import Grant
from simulator.world import trade
from simulator.world.events import (
    OrderChanged,
    ParcelChanged,
    PriceChanged,
    ReturnChanged,
    StockChanged,
    WorldEvent,
)
from simulator.world.orders import Order, OrderState
from simulator.world.parcels import tell_numbers
from simulator.world.shops import ListingState, Shop

WARN_AHEAD = timedelta(days=30)
LOW_STOCK = 5
NAMES = {kind: topic for topic, kind in TOPICS.items()}
CANCELLING = frozenset({OrderState.CANCEL_ASKED, OrderState.CANCELLED})


class Announcer:
    def __init__(self, simulation: Simulation) -> None:
        self._sim = simulation
        self._parcels: dict[str, int] = {}
        """How many parcels an order had when it was told of last."""
        simulation.world.subscribe(self.on_event)

    def on_event(self, event: WorldEvent) -> None:
        if not self._sim.is_linked(event.shop_id):
            return
        shop = self._sim.world.shops[event.shop_id]
        if isinstance(event, OrderChanged):
            self._order(shop, shop.orders[event.order_sn], int(event.at.timestamp()))
        elif isinstance(event, PriceChanged):
            self._product(shop, event.listing_id, ["skus.price"])
        elif isinstance(event, StockChanged):
            self._stock(shop, event)
        elif isinstance(event, ParcelChanged):
            self._package(shop, shop.orders[event.order_sn])
        elif isinstance(event, ReturnChanged):
            self._return(shop, event.number)

    def _order(self, shop: Shop, order: Order, at: int) -> None:
        self._parcels.setdefault(order.order_sn, len(order.parcels))
        fields = {
            "order_id": numbers.order_id(order.order_sn),
            "order_status": pushed_status(order),
            "is_on_hold_order": order.state in HELD,
            "update_time": at,
        }
        self.send(1, shop.id, fields)
        made = list(aftersales.of_order(order))
        before = order.history[-2][1] if len(order.history) > 1 else None
        if made and (order.state in CANCELLING or before is OrderState.CANCEL_ASKED):
            last = made[-1]
            word = last.status + ("LED" if last.status.endswith("CANCEL") else "")
            told = {
                "order_id": fields["order_id"],
                "cancellations_role": last.role,
                "cancel_status": word,
                "cancel_id": last.id,
                "create_time": int(last.created_at.timestamp()),
            }
            self.send(11, shop.id, told)

    def _package(self, shop: Shop, order: Order) -> None:
        """Tell of packages only when they were cut or combined; their progress is the order's."""
        before = self._parcels.get(order.order_sn, 1)
        if len(order.parcels) == before:
            return
        self._parcels[order.order_sn] = len(order.parcels)
        kind = "SPLIT" if len(order.parcels) > before else "CANCEL_SPLIT"
        self.packages_changed(shop, [order], kind)

    def packages_changed(self, shop: Shop, orders: list[Order], kind: str) -> None:
        held: dict[str, list[str]] = {}
        for order in orders:
            for parcel in shown_parcels(order):
                held.setdefault(numbers.package_id(parcel), []).append(numbers.order_id(order.order_sn))
        rows = [{"package_id": package, "order_id_list": ids} for package, ids in held.items()]
        fields = {
            "sc_type": kind,
            "role_type": "ROLE_SELLER",
            "package_list": rows,
            "update_time": self._sim.clock.epoch(),
        }
        self.send(4, shop.id, fields)

    def _product(self, shop: Shop, listing_id: int, changed: list[str], source: str = "OPEN_API") -> None:
        fields = {
            "product_id": numbers.product_id(listing_id),
            "change_source": source,
            "changed_fields": changed,
            "update_time": self._sim.clock.epoch(),
        }
        self.send(15, shop.id, fields)

    def _stock(self, shop: Shop, event: StockChanged) -> None:
        """Tell when little is left of a SKU, and when there is enough again."""
        if (event.old <= LOW_STOCK) == (event.new <= LOW_STOCK):
            return
        word = (
            "OUT_OF_STOCK" if not event.new else "LOW_STOCK" if event.new <= LOW_STOCK else "SUFFICIENT_STOCK"
        )
        fields = {
            "product_id": numbers.product_id(event.listing_id),
            "sku_id": numbers.sku_id(event.variant_id),
            "trigger_reason": {"alert_type": "REALTIME", "low_stock_threshold": LOW_STOCK},
            "current_inventory_status": word,
            "inventory_distribution": {"total_quantity": event.new, "available_quantity": event.new},
            "update_time": int(event.at.timestamp()),
        }
        self.send(27, shop.id, fields)

    def _return(self, shop: Shop, number: str) -> None:
        back = shop.returns[number]
        fields = {
            "order_id": numbers.order_id(back.order.order_sn),
            "return_role": "BUYER",
            "return_type": "RETURN_AND_REFUND" if back.wants_goods else "REFUND",
            "return_status": return_status(back),
            "return_id": numbers.return_id(number),
            "create_time": int(back.created_at.timestamp()),
            "update_time": int(back.updated_at.timestamp()),
        }
        self.send(12, shop.id, fields)

    def send(self, kind: int, shop_id: int, fields: dict[str, Any], *, is_numbered: bool = True) -> None:
        """Send to the shop's own address for this topic, or to the console's."""
        own = self._sim.standings[shop_id].webhooks.get(NAMES.get(kind, ""))
        body: dict[str, Any] = {"type": kind}
        if is_numbered and kind != 3:
            body["tts_notification_id"] = str(7_327_112_393_000_000_000 + self._sim.random.randrange(10**9))
        body |= {"shop_id": str(shop_id), "timestamp": self._sim.clock.epoch(), "data": fields}
        self._sim.webhooks.send(kind, shop_id, body, own[0] if own else None)

    def cancelled(self, grant: Grant) -> None:
        """Tell that the seller took his consent back."""
        for shop_id in grant.account.shops:
            text = f"Shop_id {shop_id} is deauthorized from your APP by merchant."
            self.send(6, shop_id, {"message": text})

    def watch(self) -> None:
        """Let happen what passing time alone brings: holds and audits end, authorisations near their end."""
        now = self._sim.clock.now()
        tell_numbers(self._sim.world)
        if self._sim.remorse:
            for shop in self._sim.world.shops.values():
                for order in shop.orders.values():
                    if order.state is OrderState.HELD and order.updated_at + self._sim.remorse <= now:
                        trade.move(self._sim.world, shop, order, OrderState.TO_SHIP)
        self._end_audits()
        for grant in self._sim.tokens.grants.values():
            if self._sim.tokens.is_alive(grant) and grant.until - now <= WARN_AHEAD:
                self._warn(grant)

    def _end_audits(self) -> None:
        now = self._sim.clock.now()
        due = [each for each in self._sim.audits_due if each[0] <= now]
        self._sim.audits_due = [each for each in self._sim.audits_due if each[0] > now]
        for _, shop_id, listing_id in due:
            listing = self._sim.world.shops[shop_id].listings[listing_id]
            self._sim.world.show_listing(listing, ListingState.ACTIVE)
            number = int(
                numbers.product_id(listing_id)
            )  # these webhooks have a number where others have a text
            epoch = self._sim.clock.epoch()
            if self._sim.is_linked(shop_id):
                self.send(5, shop_id, {"product_id": number, "status": "PRODUCT_FIRST_PASS_REVIEW",
                                       "suspended_reason": "", "update_time": epoch})  # fmt: skip
                self.send(37, shop_id, {"product_id": number, "update_time": epoch,
                                        "audit": {"status": "APPROVED", "pre_approved_reasons": []}})  # fmt: skip

    def _warn(self, grant: Grant) -> None:
        """Say once a day that an authorisation ends."""
        today = self._sim.clock.now().toordinal()
        if today in grant.is_warned_for:
            return
        grant.is_warned_for.add(today)
        left = (grant.until - self._sim.clock.now()).days
        for shop_id in grant.account.shops:
            text = (
                f"Authorization of shop_id {shop_id} is expiring in {left} days. "
                "Please direct the merchant to re-authorize."
            )
            fields = {"message": text, "expiration_time": str(int(grant.until.timestamp()))}
            self.send(7, shop_id, fields)
