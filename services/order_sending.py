"""Carrying what sellers want of orders to the platform, as `send_once` has it."""

from collections.abc import Mapping
from datetime import datetime

from domain.actions import ActionState, Verdict
from domain.clock import Clock
from domain.errors import UnsupportedByPlatform
from domain.order_actions import ActionKind, OrderAction, verdict
from domain.orders import OrderSnapshot
from domain.platform import ActionResult, Cancellation, CancelReason, LineUnits, Platform
from domain.shops import Shop, ShopAccess
from services.order_actions import NEEDS, note_step
from services.send_once import Request, SendOnce
from services.sync import SyncService
from services.tokens import TokenService
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories import directory
from storage.repositories.order_actions import OrderActions
from storage.repositories.orders import Orders


class OrderSendService(SendOnce[OrderAction]):
    name, rows = "order_action", OrderActions

    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        tokens: TokenService,
        sync: SyncService,
        platforms: Mapping[str, Platform],
        wakeups: Wakeups,
    ) -> None:
        super().__init__(db, clock, tokens=tokens, wakeups=wakeups)
        self._sync = sync
        self._platforms = platforms

    def _known(self, conn: Connection, action: OrderAction) -> Verdict | None:
        order = Orders(conn, action.seller_id).get(action.order_id)
        return verdict(action, order.snapshot) if order else Verdict("not_found")

    async def _request(self, action: OrderAction) -> Request:
        shop, seen = await self._read(action)
        if NEEDS[action.kind] not in self._platforms[shop.platform].info.can:
            raise UnsupportedByPlatform(platform=shop.platform, operation=action.kind)
        return lambda platform, access: _ask(platform, access, action, seen)

    async def _seen(self, action: OrderAction) -> Verdict | None:
        shop, known = await self._read(action)
        await self._sync.fetch_orders(shop, [known.external_id])
        _, seen = await self._read(action)
        return verdict(action, seen)

    def _told(
        self, conn: Connection, action: OrderAction, to: ActionState, now: datetime, refusal: str
    ) -> None:
        note_step(conn, action, to, "storesync", now, refusal)

    async def _read(self, action: OrderAction) -> tuple[Shop, OrderSnapshot]:
        def work(conn: Connection) -> tuple[Shop, OrderSnapshot]:
            order = Orders(conn, action.seller_id).get(action.order_id)
            if order is None:
                raise LookupError(f"order {action.order_id} is gone while an action on it is under way")
            return directory.shop_by_id(conn, action.shop_id), order.snapshot

        return await self._db.read(work)


async def _ask(
    platform: Platform, access: ShopAccess, action: OrderAction, seen: OrderSnapshot
) -> ActionResult:
    role, number = platform.order_actions, seen.external_id
    if action.kind is ActionKind.NOTE:
        return await role.set_note(access, number, action.note)
    if action.reason is None:
        return await role.answer_cancellation(access, number, is_accepted=action.kind is ActionKind.ACCEPT)
    lines = tuple(
        LineUnits(line.listing_external_id, line.variant_external_id, line.quantity) for line in seen.lines
    )
    is_short = action.reason is CancelReason.OUT_OF_STOCK
    return await role.cancel(access, Cancellation(number, action.reason, lines if is_short else ()))
