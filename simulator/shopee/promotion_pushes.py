"""Pushes about promotions: an item is added, units of it are kept back, the promotion is over."""

from collections.abc import Callable
from typing import Any

from simulator.shopee.simulation import Simulation
from simulator.world.events import PromotionChanged
from simulator.world.promotions import Promotion, PromotionRow
from simulator.world.shops import Shop

Push = Callable[[int, int, dict[str, Any]], None]
ITEM_PUSH, PROMOTION_PUSH = 7, 9


class PromotionAnnouncer:
    def __init__(self, simulation: Simulation, push: Push) -> None:
        self._sim = simulation
        self._push = push
        self._running: dict[int, tuple[Shop, Promotion]] = {}
        """Whose end is still to be announced."""

    def changed(self, event: PromotionChanged) -> None:
        shop = self._sim.world.shops[event.shop_id]
        promotion = next(each for each in shop.promotions if each.id == event.promotion_id)
        if promotion.is_over(self._sim.clock.now()):
            self.watch()
            return
        self._running[promotion.id] = (shop, promotion)
        for row in promotion.rows.values():
            self._push(PROMOTION_PUSH, shop.id, self._fields(shop, promotion, row, "added_in_promo"))
            if row.reserved:
                kept = {"reserved_stock": row.reserved}
                self._push(ITEM_PUSH, shop.id, self._fields(shop, promotion, row, "promo_lock_stock") | kept)

    def watch(self) -> None:
        """Announce what is over by now, each once."""
        now = self._sim.clock.now()
        over = [key for key, (_, promotion) in self._running.items() if promotion.is_over(now)]
        for key in over:
            shop, promotion = self._running.pop(key)
            for row in promotion.rows.values():
                self._push(ITEM_PUSH, shop.id, self._fields(shop, promotion, row, "promo_end"))

    def _fields(self, shop: Shop, promotion: Promotion, row: PromotionRow, action: str) -> dict[str, Any]:
        listing = shop.listings[row.listing_id]
        return {
            "shop_id": shop.id,
            "item_id": row.listing_id,
            "variation_id": row.variant_id if listing.has_options else 0,
            "promotion_type": promotion.name,
            "promotion_id": promotion.id,
            "action": action,
            "update_time": self._sim.clock.epoch(),
            "start_time": int(promotion.starts_at.timestamp()),
            "end_time": int(promotion.ends_at.timestamp()),
        }
