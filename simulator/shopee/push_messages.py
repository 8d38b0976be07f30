"""The bodies of pushes, and which fact of the world sends which."""

from typing import Any

from simulator.shopee.accounts import ACCOUNTS
from simulator.shopee.calls.packages import PREFIX
from simulator.shopee.calls.returns import STATUS
from simulator.shopee.documents import Document
from simulator.shopee.promotion_pushes import PromotionAnnouncer
from simulator.shopee.simulation import Simulation
from simulator.shopee.statuses import ORDER_STATUS, package_status
from simulator.shopee.tokens import Kind, Link, LinkState, Owner
from simulator.world.events import (
    OrderChanged,
    ParcelChanged,
    ParcelTracked,
    PriceChanged,
    PromotionChanged,
    ReturnChanged,
    WorldEvent,
)
from simulator.world.orders import OrderState
from simulator.world.parcels import tell_numbers
from simulator.world.returns import ReturnState

WARN_AHEAD_S = 7 * 86_400
EXPIRY_PAGE = 50


class Announcer:
    """Turns what happened into pushes, for shops that are linked to the app."""

    def __init__(self, simulation: Simulation) -> None:
        self._sim = simulation
        self._promotions = PromotionAnnouncer(simulation, self._shop_push)
        simulation.world.subscribe(self.on_event)

    def on_event(self, event: WorldEvent) -> None:
        if not self._sim.is_linked(event.shop_id):
            return
        if isinstance(event, OrderChanged):
            self._order_status(event)
        elif isinstance(event, PriceChanged):
            self._price(event)
        elif isinstance(event, ParcelChanged):
            self._package(event)
        elif isinstance(event, ParcelTracked):
            self._tracking_number(event)
        elif isinstance(event, ReturnChanged):
            self._return(event)
        elif isinstance(event, PromotionChanged):
            self._promotions.changed(event)

    def _order_status(self, event: OrderChanged) -> None:
        scenario = ""
        if event.state is OrderState.COMPLETED:
            scenario = "RRAOC" if event.returned_after_completion else "NORMAL"
        fields = {
            "items": [],
            "ordersn": event.order_sn,
            "status": ORDER_STATUS[event.state],
            "completed_scenario": scenario,
            "update_time": int(event.at.timestamp()),
        }
        self._shop_push(3, event.shop_id, fields)

    def _package(self, event: ParcelChanged) -> None:
        order = self._sim.world.shops[event.shop_id].orders[event.order_sn]
        parcel = order.parcel(event.number)
        if parcel:
            fields = {
                "ordersn": event.order_sn,
                "package_number": PREFIX + event.number,
                "fulfillment_status": package_status(order, parcel),
                "update_time": int(event.at.timestamp()),
            }
            self._shop_push(30, event.shop_id, fields)

    def _tracking_number(self, event: ParcelTracked) -> None:
        fields = {
            "ordersn": event.order_sn,
            "forder_id": event.number,
            "package_number": PREFIX + event.number,
            "tracking_no": event.tracking_number,
        }
        self._shop_push(4, event.shop_id, fields)

    def _return(self, event: ReturnChanged) -> None:
        moved = {
            "update_field": "return_status",
            "old_value": STATUS[ReturnState(event.old)] if event.old else "",
            "new_value": STATUS[ReturnState(event.new)],
            "update_time": int(event.at.timestamp()),
        }
        fields = {"order_sn": event.order_sn, "return_sn": event.number, "updated_values": [moved]}
        self._shop_push(29, event.shop_id, fields)

    def _document(self, document: Document, status: str) -> None:
        if self._sim.is_linked(document.shop_id):
            named = {"ordersn": document.order_sn, "package_number": document.package_number}
            self._shop_push(15, document.shop_id, {**named, "status": status})

    def watch(self) -> None:
        """Announce what is true by now: authorisations that end, numbers and labels that can be had, promotions."""
        self.watch_authorisations()
        tell_numbers(self._sim.world)
        self._sim.documents.tell(self._document)
        self._promotions.watch()

    def _price(self, event: PriceChanged) -> None:
        listing = self._sim.world.shops[event.shop_id].listings[event.listing_id]
        fields = {
            "item_id": event.listing_id,
            "model_id": event.variant_id if listing.has_options else 0,
            "update_field": "original_price",
            "old_value": event.old,
            "new_value": event.new,
            "update_time": int(event.at.timestamp()),
        }
        self._shop_push(22, event.shop_id, fields)

    def _shop_push(self, code: int, shop_id: int, fields: dict[str, Any]) -> None:
        body = {"data": fields, "shop_id": shop_id, "code": code, "timestamp": self._sim.clock.epoch()}
        self._sim.pushes.send(body, shop_id)

    def _partner_push(self, code: int, fields: dict[str, Any]) -> None:
        body = {
            "data": {**fields, "success": 1},
            "partner_id": self._sim.app.partner_id,
            "code": code,
            "timestamp": self._sim.clock.epoch(),
        }
        self._sim.pushes.send(body)

    def authorised(self, account: Owner) -> None:
        if account.kind is Kind.SHOP:
            extra = f"shop id {account.id} ({self._region(account)}) has been authorized successfully"
            self._partner_push(
                1,
                {
                    "authorize_type": "shop authorization by user",
                    "extra": extra,
                    "shop_id": account.id,
                },
            )
            return
        covered = next(a.covers for a in ACCOUNTS.values() if a.owner == account and a.may_authorise)
        self._partner_push(
            1,
            {
                "authorize_type": "shop authorization by user",
                "extra": "Shop has been authorized successfully",
                "main_account_id": account.id,
                "shop_id_list": [owner.id for owner in covered if owner.kind is Kind.SHOP],
            },
        )

    def cancelled(self, owner: Owner) -> None:
        extra = f"shop id {owner.id} ({self._region(owner)}) has been cancelled its authorization"
        self._partner_push(
            2,
            {
                "authorize_type": "user cancel shop authorization",
                "extra": extra,
                "shop_id": owner.id,
            },
        )

    def frozen(self, shop_id: int) -> None:
        extra = f"Shop ID {shop_id} is currently frozen."
        self._partner_push(2, {"authorize_type": "App status is abnormal", "shopid": shop_id, "extra": extra})

    def penalised(self, shop_id: int, points: int, offence: int) -> None:
        given = {"issued_points": points, "violation_type": offence}
        fields = {"action_type": 1, "points_issued_data": given, "update_time": self._sim.clock.epoch()}
        self._shop_push(28, shop_id, fields)

    def watch_authorisations(self) -> None:
        """Announce what has run out and, once, what will within seven days."""
        now = self._sim.clock.now()
        for owner, link in list(self._sim.tokens.links.items()):
            if self._sim.tokens.state_of(owner) is LinkState.EXPIRED and not link.is_end_told:
                link.is_end_told = True
                self._expired(owner)
        soon = [
            link
            for link in self._sim.tokens.links.values()
            if link.state is LinkState.LINKED
            and not link.is_warned
            and (link.expires_at - now).total_seconds() <= WARN_AHEAD_S
        ]
        if soon:
            self._expire_soon(soon)

    def _expired(self, owner: Owner) -> None:
        if owner.kind is Kind.SHOP:
            fields = {
                "authorize_type": "expiry",
                "shopid": owner.id,
                "extra": "The authorization is expired.",
            }
            self._partner_push(2, fields)

    def _expire_soon(self, links: list[Link]) -> None:
        pages = [links[start : start + EXPIRY_PAGE] for start in range(0, len(links), EXPIRY_PAGE)]
        now = self._sim.clock.epoch()
        for number, page in enumerate(pages, start=1):
            for link in page:
                link.is_warned = True
            ids = {
                kind: [link.owner.id for link in page if link.owner.kind is kind]
                for kind in (Kind.MERCHANT, Kind.SHOP)
            }
            fields = {
                "merchant_expire_soon": ids[Kind.MERCHANT],
                "shop_expire_soon": ids[Kind.SHOP],
                "user_expire_soon": [],
                "expire_before": now + WARN_AHEAD_S,
                "page_no": number,
                "total_page": len(pages),
            }
            self._sim.pushes.send({"code": 12, "timestamp": now, "data": fields})

    def _region(self, owner: Owner) -> str:
        shop = self._sim.world.shops.get(owner.id)
        return shop.market.region if shop else ""
