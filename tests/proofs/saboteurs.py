"""For each proof, the guarded clause taken away: the proof must then report violations."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select, text, true, update

import app.__main__
import services.order_alerts
import services.orders
import storage.vault
from app.redaction import Redactor
from bot.lane import Lane
from domain.actions import ActionState
from domain.changes import Change, ChangeState
from domain.errors import FateUnknown, PlatformUnavailable
from domain.orders import Known, OrderSnapshot, Taken
from domain.parcels import ShipStep
from domain.platform import Hint, Outcome
from domain.return_actions import ReturnAction
from domain.shops import PlatformApp, Shop
from services.applying import ApplyService
from services.bulk_applying import BulkApplyService, Trip
from services.bulk_batches import Batch
from services.inbound import InboundService, IncomingUpdate
from services.order_sending import OrderSendService
from services.orders import OrderService
from services.outbox import tell
from services.return_sending import ReturnSendService
from services.shipping import ShippingService
from services.sync import ORDERS, SyncService
from services.tokens import TokenService
from storage.database import Connection
from storage.keys import new_key
from storage.repositories import pauses
from storage.repositories.cards import Tickets
from storage.repositories.order_actions import OrderActions
from storage.repositories.orders import Orders
from storage.repositories.packings import Packings
from storage.repositories.shops import Shops
from storage.repositories.tokens import take_lease
from storage.tables.shops import data_key, secret, shop
from storage.vault import Vault
from web.telegram import TelegramEndpoint

STANDS_STILL_S = 60.0


def believe_what_was_sent() -> None:
    """Call a change applied when it is about to be sent, not when the shop was seen to show it."""
    push = ApplyService._push

    async def hasty(self: ApplyService, change: Change) -> Any:
        await self._end(change, ChangeState.APPLIED, seen=change.after)
        return await push(self, change)

    ApplyService._push = hasty  # type: ignore[method-assign]


def believe_what_is_sent_in_bulk() -> None:
    """Call the prices of a bulk change applied when they are about to be sent."""
    push = BulkApplyService._push

    async def hasty(self: BulkApplyService, batch: Batch, changes: Sequence[Change]) -> Any:
        ends = [self._end(each, ChangeState.APPLIED, seen=each.after) for each in changes]
        await self._settle(batch, Trip(left=[], steps=ends), is_told=True)
        return await push(self, batch, changes)

    BulkApplyService._push = hasty  # type: ignore[method-assign]


def acknowledge_before_storing() -> None:
    """Say that updates are stored while they still lie in memory."""
    store = InboundService.store_updates
    lying: set[asyncio.Task[Any]] = set()

    async def later(self: InboundService, bot_id: str, updates: Sequence[IncomingUpdate]) -> int:
        async def store_later() -> None:
            await asyncio.sleep(0.2)
            await store(self, bot_id, updates)

        task = asyncio.create_task(store_later())
        lying.add(task)
        task.add_done_callback(lying.discard)
        return len(updates)

    InboundService.store_updates = later  # type: ignore[method-assign]


def notify_after_commit() -> None:
    """Write the events in a transaction of their own, after the one that made the fact."""
    record = OrderService.record

    async def apart(self: OrderService, shop: Shop, snapshots: Any) -> int:
        told: list[tuple[Any, ...]] = []

        def keep(_conn: Any, *args: Any, **options: Any) -> None:
            told.append((args, options))

        vars(services.orders)["tell"] = keep
        taken = await record(self, shop, snapshots)

        def work(conn: Any) -> None:
            for args, options in told:
                tell(conn, *args, **options)

        await self._db.write(work, "orders.tell")
        self._wakeups.outbox.set()
        return taken

    OrderService.record = apart  # type: ignore[method-assign]


def let_anybody_in() -> None:
    """Take updates from whoever posts them."""
    take = TelegramEndpoint._take

    async def trusting(self: TelegramEndpoint, request: Any) -> int:
        request.scope["headers"] = [(b"x-telegram-bot-api-secret-token", self._secret)]
        return await take(self, request)

    TelegramEndpoint._take = trusting  # type: ignore[method-assign]


def answer_before_storing() -> None:
    """Answer a platform's push while what it told still lies in memory."""
    store = InboundService._store_hooks
    lying: set[asyncio.Task[Any]] = set()

    async def later(self: InboundService, pushes: Sequence[Any]) -> list[int]:
        async def store_later() -> None:
            await asyncio.sleep(0.05)
            await store(self, pushes)

        task = asyncio.create_task(store_later())
        lying.add(task)
        task.add_done_callback(lying.discard)
        return [len(push) for push in pushes]

    InboundService._store_hooks = later  # type: ignore[method-assign]


def mark_before_reading() -> None:
    """Say that the first import is done before its orders are in."""
    read = SyncService._import_orders

    async def hasty(self: SyncService, shop: Shop) -> int:
        now = self._clock()
        await self._save(shop, ORDERS, now, now, timedelta(minutes=1), is_first=True)
        return await read(self, shop)

    SyncService._import_orders = hasty  # type: ignore[method-assign]


def let_the_old_win() -> None:
    """Take in whatever came last, however old what it says is."""

    def last(stored: Known | None, seen: OrderSnapshot) -> Taken:
        return Taken.NEW if stored is None else Taken.CHANGED

    vars(services.orders)["take"] = last


def believe_the_first_push() -> None:
    """Take each push of an order for the first one once more, whatever it says."""
    store = InboundService.store_hints

    async def once(self: InboundService, app: PlatformApp, hints: Sequence[Hint]) -> int:
        alike = [replace(each, event_key=":".join(each.ids)) if each.ids else each for each in hints]
        return await store(self, app, alike)

    InboundService.store_hints = once  # type: ignore[method-assign]


def let_every_order_ring() -> None:
    """Send a message for each order, as fast as it goes."""
    vars(services.order_alerts)["QUIET"] = timedelta(0)
    vars(services.order_alerts)["outbox"] = SimpleNamespace(take_waiting=lambda *_: [])
    Lane._minute_s = 0.0  # type: ignore[assignment,method-assign]
    Lane.spend = lambda _: None  # type: ignore[method-assign,assignment]


def renew_keys_before_secrets() -> None:
    """Give an owner the new data key in one transaction, and its secrets in the next."""
    late: list[tuple[str, dict[str, str]]] = []

    def renew(self: Vault, conn: Connection, row: Any) -> None:
        fields = conn.scalars(select(secret.c.field).where(secret.c.owner == row.owner)).all()
        late.append((row.owner, {field: self.get(conn, row.owner, field) for field in fields}))
        context = f"{row.owner}|data key|{row.version + 1}"
        values = {
            "key_id": self._keys.first,
            "wrapped": self._keys.wrap(self._keys.first, new_key(), context),
        }
        ours = data_key.c.owner == row.owner
        conn.execute(update(data_key).where(ours).values(**values, version=row.version + 1))

    rotate = Vault.rotate

    def apart(self: Vault, conn: Connection, limit: int) -> int:
        for owner, values in late:
            for field, value in values.items():
                self.put(conn, owner, field, value)
        late.clear()
        return rotate(self, conn, limit)

    Vault._renew = renew  # type: ignore[method-assign]
    Vault.rotate = apart  # type: ignore[method-assign]


def answer_for_the_first_seller() -> None:
    """Look orders and shops up as if everybody were of the oldest seller."""
    for lists in (Orders, Shops):
        _lax(lists)


def _lax(lists: Any) -> None:
    begin = lists.__init__

    def lax(self: Any, conn: Any, _seller_id: str) -> None:
        first = conn.execute(text("SELECT id FROM seller ORDER BY created_at LIMIT 1")).scalar_one()
        begin(self, conn, first)

    lists.__init__ = lax


def take_any_token() -> None:
    """Take whatever token comes as that of a button still waiting in the chat."""

    def lax(self: Tickets, _token_hash: str) -> Any:
        query = "SELECT token_hash FROM button_ticket WHERE view_id = :view AND used_at IS NULL LIMIT 1"
        found = self._conn.execute(text(query), {"view": self._view_id}).scalar_one_or_none()
        return by_token(self, found or "")

    by_token = Tickets.by_token
    Tickets.by_token = lax  # type: ignore[method-assign,assignment]


def send_while_paused() -> None:
    """Ask nobody whether a seller has paused."""
    pauses.is_held = lambda *_: False


def refresh_without_a_lease() -> None:
    """Let every process refresh as if it were alone."""

    async def ours(self: TokenService, shop_id: str) -> int | None:
        def work(conn: Connection) -> int | None:
            conn.execute(update(shop).where(shop.c.id == shop_id).values(lease_until=None))
            return take_lease(conn, shop_id, self._clock(), self._clock())

        return await self._db.write(work, "tokens.take_lease")

    TokenService._lease = ours  # type: ignore[method-assign]


def let_secrets_out() -> None:
    """Log what is there, and keep secrets as they came."""
    Redactor.text = lambda _, text: text  # type: ignore[method-assign,assignment]
    vars(storage.vault)["seal"] = lambda _key, value, _context: value
    vars(storage.vault)["unseal"] = lambda _key, sealed, _context: sealed


def drop_everything_when_told_to_end() -> None:
    """Leave SIGTERM to the system, which ends the process where it stands."""
    vars(app.__main__)["stop_event"] = asyncio.Event


def claim_what_others_have() -> None:
    """Give a batch whatever is to be packed, whoever has it."""
    Packings.is_free = staticmethod(true)  # type: ignore[method-assign]


def send_again_what_may_have_left() -> None:
    """Send what a process that is gone had in hand once more, without a look at the return."""
    look = ReturnSendService._look

    async def blind(self: ReturnSendService, action: ReturnAction, refusal: str = "") -> None:
        if action.state is ActionState.UNKNOWN and not action.looks:
            await self._call(action)
        await look(self, action, refusal)

    ReturnSendService._look = blind  # type: ignore[method-assign,assignment]


def arrange_without_looking() -> None:
    """Send parcels again whose fate is not known, without reading their orders first."""

    async def hasty(self: ShippingService, shop: Shop) -> None:
        open_ones = await self._due(shop, ShipStep.SENDING, ShipStep.UNKNOWN)

        def work(conn: Connection) -> None:
            for each in open_ones:
                Packings(conn, shop.seller_id).step(each, ShipStep.ASKED, due_at=self._clock())

        await self._db.write(work, "ship.look")

    ShippingService._look_again = hasty  # type: ignore[method-assign]


def send_again_at_once() -> None:
    """Send once more, on the spot, what nobody knows the fate of."""
    call = TokenService.call

    async def hasty(self: TokenService, *asked: Any, **options: Any) -> Any:
        try:
            got = await call(self, *asked, **options)
        except FateUnknown:
            return await call(self, *asked, **options)
        results = got if isinstance(got, list) else [got]
        is_open = any(getattr(each, "outcome", None) is Outcome.UNKNOWN for each in results)
        return await call(self, *asked, **options) if is_open else got

    TokenService.call = hasty  # type: ignore[method-assign]


def act_without_looking() -> None:
    """Send again what may have left, without reading its order first."""
    claim = OrderSendService._claim

    async def hasty(self: OrderSendService, seller_id: str, action_id: str) -> Any:
        def work(conn: Connection) -> None:
            actions = OrderActions(conn, seller_id)
            action = actions.get(action_id)
            if action and action.state in {ActionState.SENDING, ActionState.UNKNOWN}:
                actions.move(action, ActionState.READY, due_at=self._clock())

        await self._db.write(work, "order_action.hasty")
        return await claim(self, seller_id, action_id)

    OrderSendService._claim = hasty  # type: ignore[method-assign,assignment]


def stand_still_where_one_fails() -> None:
    """Let nobody call any platform for a while after one has failed."""
    call, until = TokenService.call, [0.0]

    async def patient(self: TokenService, *asked: Any, **options: Any) -> Any:
        if (left := until[0] - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(left)
        try:
            return await call(self, *asked, **options)
        except PlatformUnavailable:
            until[0] = asyncio.get_running_loop().time() + STANDS_STILL_S
            raise

    TokenService.call = patient  # type: ignore[method-assign]


SABOTEURS: dict[str, Callable[[], None]] = {
    "callback-fuzz": take_any_token,
    "canary": let_secrets_out,
    "crash-alerts": notify_after_commit,
    "crash-lock": believe_what_was_sent,
    "crash-bulk": believe_what_is_sent_in_bulk,
    "crash-orders": act_without_looking,
    "crash-price": believe_what_was_sent,
    "crash-return": send_again_what_may_have_left,
    "crash-ship": arrange_without_looking,
    "crash-sync": mark_before_reading,
    "isolation": stand_still_where_one_fails,
    "kill-switch": send_while_paused,
    "refresh": refresh_without_a_lease,
    "double-day": claim_what_others_have,
    "replay": let_the_old_win,
    "replay-wire": believe_the_first_push,
    "shopee-day": send_again_at_once,
    "storm": let_every_order_ring,
    "tenant-matrix": answer_for_the_first_seller,
    "term": drop_everything_when_told_to_end,
    "tg-webhook": let_anybody_in,
    "update-inbox": acknowledge_before_storing,
    "webhook-ack": answer_before_storing,
}
