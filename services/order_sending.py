"""Carrying what sellers want of orders to the platform: claim, send, read back, settle (`docs/promises.md` R6, R10).

A row is SENDING in the database before anything leaves. None of these calls may be repeated blindly: what may
have left is only read back, and where nothing shows after several looks, a person decides whether to try again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from structlog.stdlib import get_logger

from domain.clock import Clock
from domain.errors import (
    FateUnknown,
    HostMisconfigured,
    PlatformError,
    RateLimited,
    RequestRejected,
    TokenRevoked,
    UnexpectedResponse,
    UnsupportedByPlatform,
    WritesPaused,
)
from domain.failpoint import failpoint
from domain.order_actions import (
    DONE,
    LOOKS,
    NO_EFFECT,
    ActionKind,
    ActionState,
    OrderAction,
    Verdict,
    verdict,
)
from domain.orders import OrderSnapshot
from domain.platform import (
    ActionResult,
    Cancellation,
    CancelReason,
    LineUnits,
    Outcome,
    Platform,
)
from domain.shops import Shop, ShopAccess
from services.order_actions import NEEDS, note_step
from services.pausing import assert_open
from services.sync import SyncService
from services.tokens import TokenService
from services.wakeups import Wakeups
from storage.database import Connection, Database
from storage.repositories import directory, pauses
from storage.repositories import order_actions as action_rows
from storage.repositories.order_actions import OrderActions
from storage.repositories.orders import Orders

LEASE = timedelta(seconds=45)
ATTEMPTS = 8
"""So often a call that surely did nothing is tried by itself; then a person is asked."""
LOOK_PAUSE, CLOSED_PAUSE = timedelta(seconds=10), timedelta(minutes=5)
"""How long until the next look while the platform is down, or shut for us."""
REFUSALS = (TokenRevoked, RequestRejected, HostMisconfigured, UnsupportedByPlatform)

log = get_logger(__name__)


class OrderSendService:
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
        self._db = db
        self._clock = clock
        self._tokens = tokens
        self._sync = sync
        self._platforms = platforms
        self._wakeups = wakeups

    async def due(self, limit: int = 50) -> list[tuple[str, str]]:
        """Return (seller id, action id) of what waits to be sent or read back."""
        now = self._clock()
        return await self._db.read(lambda conn: action_rows.due(conn, now, limit))

    async def act(self, seller_id: str, action_id: str) -> None:
        """Bring one action a step on; safe to call at any time, any number of times."""
        action = await self._claim(seller_id, action_id)
        if action is None:
            return
        if action.state is ActionState.SENDING:
            await self._send(action)
        else:
            await self._look(action)

    async def _claim(self, seller_id: str, action_id: str) -> OrderAction | None:
        """Take an action in hand: SENDING when it is to leave now, UNKNOWN when it may have left before."""
        now = self._clock()

        def work(conn: Connection) -> OrderAction | None:
            actions = OrderActions(conn, seller_id)
            action = actions.get(action_id)
            if action is None or not action.is_under_way or action.due_at > now:
                return None
            if action.state is not ActionState.READY:
                taken = actions.move(action, ActionState.UNKNOWN, due_at=now + LEASE)
                return actions.get(action_id) if taken else None
            if pauses.is_held(conn, action.shop_id):
                return None
            order = Orders(conn, seller_id).get(action.order_id)
            judged = verdict(action, order.snapshot) if order else Verdict("not_found")
            if judged:
                _settle(conn, action, judged, now)
                return None
            values = {"due_at": now + LEASE, "attempts": action.attempts + 1}
            return actions.get(action_id) if actions.move(action, ActionState.SENDING, **values) else None

        claimed = await self._db.write(work, "order_action.claim")
        self._wakeups.outbox.set()
        return claimed

    async def _send(self, action: OrderAction) -> None:
        try:
            result = await self._call(action)
        except WritesPaused:
            await self._move(action, ActionState.READY, due_at=self._clock(), attempts=action.attempts - 1)
        except (FateUnknown, UnexpectedResponse) as failed:
            log.warning("order_action_unknown", action=action.id, reason=str(failed))
            await self._look(action)
        except REFUSALS as failed:
            await self._settle(action, Verdict(failed.code))
        except PlatformError as failed:
            await self._not_sent(action, failed)
        else:
            await self._look(action, result.reason if result.outcome is Outcome.REJECTED else "")

    async def _call(self, action: OrderAction) -> ActionResult:
        """Send it, once; raises UnsupportedByPlatform before any request where the platform cannot."""
        shop, seen = await self._read(action)
        if NEEDS[action.kind] not in self._platforms[shop.platform].info.can:
            raise UnsupportedByPlatform(platform=shop.platform, operation=action.kind)

        async def ask(platform: Platform, access: ShopAccess) -> ActionResult:
            await self._db.read(lambda conn: assert_open(conn, shop.id))
            return await _ask(platform, access, action, seen)

        failpoint("order_action.send:before")
        result = await self._tokens.call(shop.id, ask)
        failpoint("order_action.send:after")
        return result

    async def _look(self, action: OrderAction, refusal: str = "") -> None:
        """Read the order and believe only what it shows; a `refusal` counts unless it shows the effect."""
        shop, seen = await self._read(action)
        try:
            await self._sync.fetch_orders(shop, [seen.external_id])
        except PlatformError as failed:
            if refusal:
                await self._settle(action, Verdict(refusal))
            else:
                await self._look_later(action, failed)
            return
        _, seen = await self._read(action)
        judged = verdict(action, seen)
        looks = action.looks + 1
        if refusal and judged != DONE:
            judged = Verdict(refusal)
        if judged is None and looks >= len(LOOKS):
            judged = Verdict(NO_EFFECT)
        if judged:
            await self._settle(action, judged)
            return
        await self._move(action, ActionState.UNKNOWN, due_at=self._clock() + LOOKS[looks], looks=looks)

    async def _look_later(self, action: OrderAction, failed: PlatformError) -> None:
        """Nobody could look: it stays open, however long that takes."""
        pause = CLOSED_PAUSE if isinstance(failed, REFUSALS) else LOOK_PAUSE
        log.warning("order_action_waits", action=action.id, reason=str(failed), was_sent=True)
        await self._move(action, ActionState.UNKNOWN, due_at=self._clock() + max(pause, asked_pause(failed)))

    async def _not_sent(self, action: OrderAction, failed: PlatformError) -> None:
        """Surely nothing was done: it goes back and is tried again later, a few times."""
        log.warning("order_action_waits", action=action.id, reason=str(failed), was_sent=False)
        if action.attempts >= ATTEMPTS:
            await self._settle(action, Verdict(failed.code))
            return
        pause = max(timedelta(seconds=2**action.attempts), asked_pause(failed))
        await self._move(action, ActionState.READY, due_at=self._clock() + pause)

    async def _read(self, action: OrderAction) -> tuple[Shop, OrderSnapshot]:
        def work(conn: Connection) -> tuple[Shop, OrderSnapshot]:
            order = Orders(conn, action.seller_id).get(action.order_id)
            if order is None:
                raise LookupError(f"order {action.order_id} is gone while an action on it is under way")
            return directory.shop_by_id(conn, action.shop_id), order.snapshot

        return await self._db.read(work)

    async def _move(self, action: OrderAction, to: ActionState, **values: Any) -> None:
        """Write a step that nobody need be told of."""
        await self._db.write(
            lambda conn: OrderActions(conn, action.seller_id).move(action, to, **values), f"order_action.{to}"
        )

    async def _settle(self, action: OrderAction, judged: Verdict) -> None:
        now = self._clock()
        await self._db.write(lambda conn: _settle(conn, action, judged, now), "order_action.settle")
        self._wakeups.outbox.set()


def _settle(conn: Connection, action: OrderAction, judged: Verdict, now: datetime) -> None:
    """End an action, unless somebody took it over: theirs is the last word."""
    to = ActionState.REFUSED if judged.refusal else ActionState.DONE
    values = {"refusal": judged.refusal[:48], "ended_at": now}
    if OrderActions(conn, action.seller_id).move(action, to, **values):
        note_step(conn, action, to, "storesync", now, judged.refusal)


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


def asked_pause(failed: PlatformError) -> timedelta:
    return timedelta(seconds=failed.retry_after_s if isinstance(failed, RateLimited) else 0.0)
